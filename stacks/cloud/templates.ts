import type { DriverFacts } from "../../components/clusters/drivers";
import { findDriver } from "../../components/clusters/engines/registry";
import type { TemplatePlan } from "../../components/clusters/templatePlan";
import { compareReleases, type Release } from "../../components/releases";
import type { Inventory } from "./inventory";

/** What a cluster template takes from its cloud, beyond names that must be there. */
export interface TemplateNeed {
  /** The setting that names the image. */
  field: string;
  image: string;
  driver: DriverFacts;
  flavors: { name: string; field: string }[];
  /** Whether Magnum refuses flavors without a disk: since 21.0.0 (2025.2), where there is no boot volume either. */
  needsDisk: boolean;
}

/** The needs of planned templates. */
export function templateNeeds(templates: Readonly<Record<string, TemplatePlan>>, release: Release): TemplateNeed[] {
  return Object.entries(templates).flatMap(([key, template]) => {
    const found = findDriver(template.driver);
    if (found === undefined) return [];
    const at = (value: string) => template.merged[value]?.field ?? `clusters.templates.${key}.${value}`;
    const flavors = [
      { name: template.flavor, field: at("flavor") },
      { name: template.masterFlavor, field: at("masterFlavor") },
    ];
    const bootVolume = Number(template.labels["boot_volume_size"] ?? 0) > 0;
    const needsDisk = !bootVolume && compareReleases(release, "2025.2") >= 0;
    return [{ field: at("image"), image: template.image, driver: found.driver, flavors, needsDisk }];
  });
}

/** Images that the planned driver does not take, and flavors that Magnum refuses. What is not there is found elsewhere. */
export function templateFindings(
  needs: readonly TemplateNeed[],
  cloud: Pick<Inventory, "images" | "flavors">,
): string[] {
  return [...new Set(needs.flatMap((need) => [...imageFindings(need, cloud), ...diskFindings(need, cloud)]))];
}

function imageFindings({ field, image, driver }: TemplateNeed, { images }: Pick<Inventory, "images">): string[] {
  const found = images.find(({ id, name }) => name === image || id === image);
  if (found === undefined || (found.os_distro !== undefined && driver.distros.includes(found.os_distro))) return [];
  const takes = driver.distros.join(", ");
  if (found.os_distro === undefined) {
    return [
      `\`${field}\`: image "${image}" has no property \`os_distro\`, by which Magnum chooses its driver; ${driver.name} takes ${takes}. ` +
        `Set it by \`openstack image set --property os_distro=${driver.distros[0]} ${image}\`, or take another image.`,
    ];
  }
  return [
    `\`${field}\`: image "${image}" has \`os_distro\` "${found.os_distro}", and ${driver.name} takes ${takes}. ` +
      "Take such an image, or set the template's `driver` to one that takes this image.",
  ];
}

function diskFindings({ flavors, needsDisk }: TemplateNeed, cloud: Pick<Inventory, "flavors">): string[] {
  if (!needsDisk) return [];
  return flavors
    .filter(({ name }) => cloud.flavors.find((flavor) => flavor.name === name)?.disk === 0)
    .map(
      ({ name, field }) =>
        `\`${field}\`: flavor "${name}" has no disk, and Magnum refuses it without a boot volume. Set label \`boot_volume_size\`, in GiB.`,
    );
}
