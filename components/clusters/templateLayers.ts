import { UserError } from "../errors";
import type { Release } from "../releases";
import { type CatalogueEntry, catalogueEntry, catalogueLabels } from "./catalogue";
import type { Engine } from "./engines/engine";
import { labelTable } from "./labels";
import { mergeLayers, type Merged, type ValueLayer } from "./layers";
import { decide, type Decision, type Site } from "./matrix";
import type { TemplateValues } from "./values";

/** What a template is planned from. */
export interface TemplateRequest {
  /** Key of the template, such as `small`. */
  key: string;
  release: Release;
  site?: Site;
  /** Entry of the catalogue, such as `kubernetes/ha`. */
  from?: string;
  /** What the site gives every template. */
  siteValues?: TemplateValues;
  /** What the template itself says. */
  values: TemplateValues;
  /** The image's `os_distro`, where it is known. */
  distro?: string;
  /** Where the values stand, for errors and `explain`. Default: the configuration of a stack. */
  source?: string;
  /** Path of the template there. Default `clusters.templates.<key>`. */
  field?: string;
}

/** Every value of a template with its origin, and what makes its clusters. */
export interface LayeredTemplate {
  field: string;
  decision: Decision;
  merged: Merged;
}

const PROJECT: TemplateValues = { engine: "kubernetes", masterLoadBalancer: false, floatingIps: false };

/** The field of a request's template. */
export function fieldOf({ field, key }: TemplateRequest): string {
  return field ?? `clusters.templates.${key}`;
}

/** The values that project, catalogue, site and template say, without what depends on the driver. */
export function saidLayers(request: TemplateRequest): ValueLayer[] {
  const source = request.source ?? "the stack's configuration";
  const entry = entryOf(request);
  return [
    { name: "project", source: "components/clusters", field: "project", sent: true, values: PROJECT },
    ...(entry === undefined ? [] : [catalogueLayer(entry, { ...entry.values, engine: entry.engine })]),
    { name: "site", source, field: "clusters.site.defaults", sent: true, values: request.siteValues ?? {} },
    { name: "template", source, field: fieldOf(request), sent: true, values: request.values },
  ];
}

/**
 * Layers a template's values: release → driver → project → catalogue → site → template.
 * @throws UserError where no driver of the release makes it, or the catalogue has no such entry.
 */
export function layerTemplate(request: TemplateRequest): LayeredTemplate {
  const said = saidLayers(request);
  const values = valuesOf(mergeLayers(said));
  const { release, site, distro } = request;
  const field = fieldOf(request);
  checkFrom(request, values);
  const decision = decide({
    field,
    release,
    engine: values.engine ?? "kubernetes",
    driver: values.driver,
    serverType: values.serverType,
    distro,
    site,
  });
  const entry = entryOf(request);
  const labels = entry && catalogueLabels(entry, release, decision.driver.name, site);
  const catalogue = said.findIndex((layer) => layer.name === "catalogue");
  if (entry !== undefined) said[catalogue] = catalogueLayer(entry, { ...said[catalogue]?.values, labels });
  return { field, decision, merged: mergeLayers([...ownLayers(decision, site), ...said]) };
}

/** An entry of the catalogue is of one engine: its network, its volumes and its labels are that engine's. */
function checkFrom(request: TemplateRequest, { engine }: TemplateValues): void {
  const entry = entryOf(request);
  if (entry === undefined || entry.engine === engine) return;
  const field = fieldOf(request);
  throw new UserError(
    `\`${field}.engine\` must be "${entry.engine}" or left out with \`from: ${entry.name}\`, got "${engine}". ` +
      `Take an entry of ${engine}, or the entry's engine.`,
  );
}

function entryOf(request: TemplateRequest): CatalogueEntry | undefined {
  return request.from === undefined ? undefined : catalogueEntry(request.from, `${fieldOf(request)}.from`);
}

function catalogueLayer(entry: CatalogueEntry, values: ValueLayer["values"]): ValueLayer {
  return { name: "catalogue", source: entry.file, field: `catalogue ${entry.name}`, sent: true, values };
}

/** What release and driver do where nobody says anything else; and the network that a driver must be told. */
function ownLayers({ release, engine, driver, magnum }: Decision, site: Site | undefined): ValueLayer[] {
  const source = `magnum ${magnum}`;
  const network = apiNetworkDriver(engine, release);
  const labels = Object.fromEntries(
    Object.entries(labelTable(driver.name, release, site))
      .filter(([, facts]) => facts.fallback !== undefined)
      .map(([name, facts]) => [name, facts.fallback]),
  );
  const defaults = { serverType: "vm", tlsDisabled: false, registryEnabled: false, networkDriver: network };
  const must =
    network !== undefined && driver.networkDrivers.includes(network) ? {} : { networkDriver: driver.networkDrivers[0] };
  return [
    { name: "release", source, field: source, sent: false, values: defaults },
    { name: "driver", source: driver.source, field: driver.name, sent: false, values: { labels } },
    { name: "driver", source: driver.source, field: driver.name, sent: true, values: must },
  ];
}

/** What Magnum takes where no network driver is given: its conf/cluster_templates.py. */
export function apiNetworkDriver(engine: Engine, release: Release): string | undefined {
  if (engine.name === "kubernetes") return "flannel";
  return engine.api(release)?.networkDrivers[0];
}

/** Merged values as a template has them, whether sent or not. */
export function valuesOf(merged: Merged): TemplateValues {
  const entries = Object.entries(merged).filter(([key]) => !key.startsWith("labels."));
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
}
