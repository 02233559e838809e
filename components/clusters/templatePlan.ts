import { createHash } from "node:crypto";

import { attempt, UserError } from "../errors";
import { resourceName } from "../names";
import type { Driver } from "./drivers";
import { checkLabels, type LabelValue } from "./labels";
import { type Merged, sentValues } from "./layers";
import { attributeFindings, fieldOfValue } from "./templateChecks";
import { layerTemplate, type LayeredTemplate, type TemplateRequest } from "./templateLayers";
import type { Accepted, TemplateValues } from "./values";

/** Everything that makes a cluster template; two equal specifications are the same template. */
export interface TemplateSpec extends Omit<TemplateValues, "driver" | "labels"> {
  engine: string;
  image: string;
  flavor: string;
  masterFlavor: string;
  masterLoadBalancer: boolean;
  floatingIps: boolean;
  labels: Readonly<Record<string, string>>;
}

export interface TemplatePlan extends TemplateSpec {
  /** Name in Magnum; carries a hash of the content, because a template in use cannot be changed. */
  name: string;
  /** What makes its clusters. */
  driver: Driver;
  /** Every value with its origin, also those that Magnum is not told. */
  merged: Merged;
  /** What passed although it is doubtful. */
  warnings: readonly string[];
}

export interface TemplatePlanRequest extends TemplateRequest {
  /** Prefix of the name in Magnum. */
  prefix: string;
  /** Promises that are given up knowingly. */
  accept?: readonly Accepted[];
  /** Labels that the driver does not know pass, with a warning. */
  acceptUnknownLabels?: boolean;
}

/**
 * Plans a template: layers its values, and checks them against what the release's Magnum and driver take.
 * @throws UserError with everything that is wrong.
 */
export function planTemplate(request: TemplatePlanRequest): TemplatePlan {
  const layered = layerTemplate(request);
  const findings = attributeFindings(layered, request.accept ?? []);
  const sent = sentValues(layered.merged);
  // Magnum takes no driver: it goes by the image.
  delete sent["driver"];
  const checked = attempt(findings, () => checkLabelsOf(layered, sent.labels as Record<string, LabelValue>, request));
  if (checked !== undefined) findings.push(...ruleFindings(layered, checked.labels));
  if (findings.length > 0 || checked === undefined) throw UserError.all(findings);
  const values = sent as unknown as TemplateSpec;
  const spec: TemplateSpec = {
    ...values,
    masterFlavor: (sent as TemplateValues).masterFlavor ?? values.flavor,
    labels: checked.labels,
  };
  return {
    ...spec,
    name: resourceName(request.prefix, request.key, contentHash(spec)),
    driver: layered.decision.driver.name,
    merged: layered.merged,
    warnings: checked.warnings,
  };
}

function checkLabelsOf(layered: LayeredTemplate, labels: Record<string, LabelValue>, request: TemplatePlanRequest) {
  const { decision, field, merged } = layered;
  return checkLabels({
    field: `${field}.labels`,
    fieldOf: (name) => merged[`labels.${name}`]?.field,
    release: decision.release,
    driver: decision.driver.name,
    labels,
    acceptUnknownLabels: request.acceptUnknownLabels,
    site: request.site,
  });
}

/** Findings of the engine's rules over several values. */
function ruleFindings(layered: LayeredTemplate, labels: Readonly<Record<string, string>>): string[] {
  const { driver, engine, release } = layered.decision;
  const { networkDriver, volumeDriver } = sentValues(layered.merged) as TemplateValues;
  return engine
    .rules({ driver, release, networkDriver, volumeDriver, labels })
    .map(({ subject, problem }) => `\`${fieldOfValue(layered, subject)}\` ${problem}.`);
}

/** Eight hexadecimal digits over the specification, independent of the order of its keys. */
export function contentHash(spec: TemplateSpec): string {
  return createHash("sha256")
    .update(JSON.stringify(sortKeys(spec)))
    .digest("hex")
    .slice(0, 8);
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sortKeys(entry)]),
  );
}
