import type { Attribute } from "./drivers";
import { type LayeredTemplate, valuesOf } from "./templateLayers";
import type { Accepted, TemplateValues } from "./values";

/** Findings about a template's attributes; labels are checked apart. */
export function attributeFindings(template: LayeredTemplate, accept: readonly Accepted[]): string[] {
  const values = valuesOf(template.merged);
  return [
    ...missing(template, values),
    ...networkFindings(template, values),
    ...volumeFindings(template, values),
    ...ignored(template, values),
    ...insecure(template, values, accept),
  ];
}

/** Where a value stands, with its origin where that is not the template itself. */
export function fieldOfValue({ merged, field }: LayeredTemplate, key: string): string {
  return merged[key]?.sent === true ? merged[key].field : `${field}.${key}`;
}

function missing({ field }: LayeredTemplate, values: TemplateValues): string[] {
  return (["image", "flavor"] as const)
    .filter((key) => values[key] === undefined)
    .map(
      (key) =>
        `\`${field}.${key}\` is missing; give it here, or for all templates as \`clusters.site.defaults.${key}\`.`,
    );
}

function networkFindings(template: LayeredTemplate, values: TemplateValues): string[] {
  const { driver, engine, release } = template.decision;
  const api = engine.api(release);
  return [
    ...oneOf(template, "networkDriver", values.networkDriver, both(driver.networkDrivers, api?.networkDrivers)),
    ...oneOf(template, "volumeDriver", values.volumeDriver, both(driver.volumeDrivers, api?.volumeDrivers)),
    ...noProxyFindings(template, values),
    ...subnetFindings(template, values),
  ];
}

const both = (ours: readonly string[], theirs: readonly string[] = []) => ours.filter((name) => theirs.includes(name));

function oneOf(
  template: LayeredTemplate,
  key: string,
  given: string | undefined,
  allowed: readonly string[],
): string[] {
  if (given === undefined || allowed.includes(given)) return [];
  const { driver, release } = template.decision;
  return [
    `\`${fieldOfValue(template, key)}\` must be ${allowed.join(" or ") || "left out"} with ${driver.name} on ${release}, got "${given}".`,
  ];
}

/** Magnum keeps it in one text of at most 255 characters. */
function noProxyFindings(template: LayeredTemplate, { noProxy }: TemplateValues): string[] {
  const length = noProxy?.join(",").length ?? 0;
  return length <= 255
    ? []
    : [
        `\`${fieldOfValue(template, "noProxy")}\` must be at most 255 characters together with its commas, got ${length}.`,
      ];
}

function subnetFindings(template: LayeredTemplate, { fixedNetwork, fixedSubnet }: TemplateValues): string[] {
  if (fixedSubnet === undefined || fixedNetwork !== undefined) return [];
  return [`\`${fieldOfValue(template, "fixedSubnet")}\` needs \`fixedNetwork\`, the network that it is on.`];
}

function volumeFindings(template: LayeredTemplate, values: TemplateValues): string[] {
  if (values.dockerStorageDriver !== "devicemapper") return [];
  const at = `\`${fieldOfValue(template, "dockerStorageDriver")}\``;
  if (template.decision.driver.name === "k8s_fedora_coreos_v1") {
    // The Heat template's parameter has the constraint ^(?!devicemapper$).*
    return [`${at} must not be devicemapper on Fedora CoreOS, whose Heat template refuses it. Take overlay2.`];
  }
  // api/validation.py, _enforce_volume_storage_size
  if ((values.dockerVolumeSize ?? 0) >= 3) return [];
  return [`${at} devicemapper needs \`dockerVolumeSize\` of at least 3 GiB. Set it, or take overlay2.`];
}

/** Attributes that the driver would silently ignore. */
function ignored(template: LayeredTemplate, values: TemplateValues): string[] {
  const { driver } = template.decision;
  return Object.entries(driver.ignores)
    .filter(([key]) => isSet(values, key as Attribute) && template.merged[key]?.sent === true)
    .map(
      ([key, instead]) =>
        `\`${fieldOfValue(template, key)}\` is of no use with ${driver.name}, which does not look at it. ${instead}`,
    );
}

function isSet(values: TemplateValues, key: Attribute): boolean {
  return values[key] !== undefined && values[key] !== false;
}

function insecure(template: LayeredTemplate, values: TemplateValues, accept: readonly Accepted[]): string[] {
  const refuse = (key: keyof TemplateValues, accepted: Accepted, why: string) =>
    isSet(values, key as Attribute) && !accept.includes(accepted)
      ? [
          `\`${fieldOfValue(template, key)}\` ${why}. Leave it out, or accept it knowingly by \`${template.field}.accept: [${accepted}]\`.`,
        ]
      : [];
  return [
    ...refuse("tlsDisabled", "plaintext-api", "makes the engine's API answer everybody without TLS"),
    ...refuse("insecureRegistry", "plaintext-registry", "makes nodes take images that anybody on the way can change"),
  ];
}
