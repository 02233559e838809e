import { describe, expect, it } from "vitest";

import { planTemplate } from "../../components/clusters/templatePlan";
import { templateFindings, templateNeeds } from "../../stacks/cloud/templates";

const cloud = {
  images: [
    { id: "1", name: "fcos", status: "active", os_distro: "fedora-coreos" },
    { id: "2", name: "debian", status: "active", os_distro: "debian" },
    { id: "3", name: "cirros", status: "active" },
  ],
  flavors: [
    { id: "1", name: "m1", vcpus: 1, ram: 1, disk: 10 },
    { id: "2", name: "diskless", vcpus: 1, ram: 1, disk: 0 },
  ],
};
const findings = (image: string, flavor: string, labels = {}, release: "2025.1" | "2026.1" = "2026.1") => {
  const plan = planTemplate({ prefix: "p", key: "t", release, values: { image, flavor, labels } });
  return templateFindings(templateNeeds({ t: plan }, release), cloud);
};

describe("a template's check against its cloud", () => {
  it("takes an image that leads Magnum to the planned driver", () => {
    expect([...findings("fcos", "m1"), ...findings("1", "m1")]).toEqual([]);
  });

  it("refuses an image of another driver, and one that leads to none", () => {
    expect(findings("debian", "m1")).toEqual([
      expect.stringMatching(
        /^`clusters.templates.t.image`: image "debian" has `os_distro` "debian".*takes fedora-coreos/,
      ) as unknown,
    ]);
    expect(findings("cirros", "m1")).toEqual([
      expect.stringContaining("--property os_distro=fedora-coreos cirros") as unknown,
    ]);
  });

  it("refuses a flavor without a disk where there is no boot volume, on releases that do", () => {
    expect(findings("fcos", "diskless")).toEqual([
      expect.stringContaining('`clusters.templates.t.flavor`: flavor "diskless" has no disk') as unknown,
      expect.stringContaining("masterFlavor") as unknown,
    ]);
    expect(findings("fcos", "diskless", { boot_volume_size: 20 })).toEqual([]);
    expect(findings("fcos", "diskless", {}, "2025.1")).toEqual([]);
  });
});
