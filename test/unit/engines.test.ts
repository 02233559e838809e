import { describe, expect, it } from "vitest";

import { DRIVERS } from "../../components/clusters/drivers";
import type { Engine } from "../../components/clusters/engines/engine";
import {
  driverNames,
  engineNames,
  engineOf,
  findDriver,
  registerEngine,
} from "../../components/clusters/engines/registry";
import { FEATURES } from "../../components/clusters/features";
import { lastRelease, magnumOf, within } from "../../components/clusters/magnum";
import { decide, type DecisionRequest, supports } from "../../components/clusters/matrix";
import { type Release, RELEASES } from "../../components/releases";

const request = (over: Partial<DecisionRequest>): DecisionRequest => ({
  field: "clusters.templates.t",
  release: "2026.1",
  engine: "kubernetes",
  ...over,
});
const driverOf = (over: Partial<DecisionRequest>) => decide(request(over)).driver.name;

describe("the compatibility matrix", () => {
  it("agrees with Magnum's own code on when its drivers and engines were there", () => {
    for (const name of driverNames()) {
      const { driver, engine } = findDriver(name) ?? { driver: undefined, engine: undefined };
      if (driver === undefined || driver.addOn) continue;
      for (const release of RELEASES) {
        const provided = magnumOf(release).drivers[name];
        const api = magnumOf(release).engines[engine.name];
        const itIsThere = provided !== undefined && api !== undefined;
        expect([release, name, within(release, driver)]).toEqual([release, name, itIsThere]);
        if (provided === undefined) continue;
        expect(provided.map(({ distro }) => distro).sort()).toEqual([...driver.distros].sort());
        expect([...new Set(provided.map(({ serverType }) => serverType))]).toEqual([...driver.serverTypes]);
        if (api === undefined) continue;
        expect(api.networkDrivers).toEqual(expect.arrayContaining([...driver.networkDrivers]));
        expect(api.volumeDrivers).toEqual(expect.arrayContaining([...driver.volumeDrivers]));
      }
    }
  });

  it("knows every driver that any release of Magnum ships", () => {
    const shipped = new Set(RELEASES.flatMap((release) => Object.keys(magnumOf(release).drivers)));
    expect(driverNames()).toEqual(expect.arrayContaining([...shipped]));
    expect([...driverNames()].sort()).toEqual([...DRIVERS].sort());
  });

  it("makes Swarm and Mesos on the releases that had them, and refuses them with the last one's name after", () => {
    const makes = (engine: string) => (release: Release) => {
      try {
        return decide(request({ engine, release })).engine.name === engine;
      } catch {
        return false;
      }
    };
    expect([makes("swarm"), makes("swarm-mode"), makes("mesos")].map(lastRelease)).toEqual([
      "2023.2",
      "2023.2",
      "xena",
    ]);
    expect(() => decide(request({ engine: "swarm-mode" }))).toThrow(
      '`clusters.templates.t.engine` "swarm-mode" cannot be created by Magnum of 2026.1; the last release that had it is 2023.2. Take "kubernetes".',
    );
    expect(() => decide(request({ engine: "mesos", release: "yoga" }))).toThrow(/last release that had it is xena/);
  });

  it("makes DC/OS only where the site says that it has the contributed driver", () => {
    expect(() => decide(request({ engine: "dcos", release: "train" }))).toThrow(
      /`clusters.site.drivers: \[dcos_centos_v1\]`/,
    );
    expect(driverOf({ engine: "dcos", release: "train", site: { drivers: ["dcos_centos_v1"] } })).toBe(
      "dcos_centos_v1",
    );
    expect(() => decide(request({ engine: "dcos", site: { drivers: ["dcos_centos_v1"] } }))).toThrow(/is zed/);
  });

  it("lets the image's os_distro choose the driver", () => {
    const site = { drivers: ["magnum-capi-helm"] };
    expect(driverOf({ release: "train", distro: "fedora-atomic" })).toBe("k8s_fedora_atomic_v1");
    expect(driverOf({ distro: "fedora-coreos", site })).toBe("k8s_fedora_coreos_v1");
    expect(driverOf({ distro: "flatcar", site })).toBe("magnum-capi-helm");
    expect(driverOf({ release: "stein", serverType: "bm" })).toBe("k8s_fedora_ironic_v1");
    expect(() => decide(request({ distro: "ubuntu" }))).toThrow(
      /`os_distro` "ubuntu".*images that do: fedora-coreos \(k8s_fedora_coreos_v1\).*`clusters.site.drivers: \[magnum-cluster-api\]`/,
    );
  });

  it("takes the site's driver before Magnum's own where the image is not known", () => {
    expect(driverOf({})).toBe("k8s_fedora_coreos_v1");
    expect(driverOf({ release: "rocky" })).toBe("k8s_fedora_atomic_v1");
    expect(driverOf({ site: { drivers: ["magnum-cluster-api", "magnum-capi-helm"] } })).toBe("magnum-cluster-api");
  });

  it("refuses a named driver that is not there, not installed, or of another engine", () => {
    expect(() => decide(request({ driver: "k8s_fedora_atomic_v1" }))).toThrow(/from rocky to 2023.2/);
    expect(() => decide(request({ driver: "magnum-capi-helm" }))).toThrow(/is not part of Magnum/);
    expect(() => decide(request({ driver: "mesos_ubuntu_v1" }))).toThrow(/must be a driver of Kubernetes/);
    expect(() => decide(request({ driver: "k8s_fedora_coreos_v1", distro: "ubuntu" }))).toThrow(
      /the template's has "ubuntu"/,
    );
    expect(() => decide(request({ serverType: "bm" }))).toThrow(/`clusters.templates.t.serverType` must be vm/);
  });
});

describe("features of clusters", () => {
  const since = (driver: string, feature: (typeof FEATURES)[number]) =>
    RELEASES.find((release) => supports(release, driver, feature) === true);
  const until = (driver: string, feature: (typeof FEATURES)[number]) =>
    lastRelease((release) => supports(release, driver, feature) === true);

  it("come with the microversion of Magnum's API that they need", () => {
    expect(since("k8s_fedora_atomic_v1", "resize")).toBe("stein");
    expect(since("k8s_fedora_atomic_v1", "nodeGroups")).toBe("train");
    expect(since("k8s_fedora_coreos_v1", "zeroNodes")).toBe("wallaby");
    expect(since("magnum-capi-helm", "credentialRotation")).toBe("2025.2");
  });

  it("end with the driver's own code: Heat's in-place upgrade with 2023.2", () => {
    expect([since("k8s_fedora_coreos_v1", "upgrade"), until("k8s_fedora_coreos_v1", "upgrade")]).toEqual([
      "train",
      "2023.2",
    ]);
    expect(supports("2026.1", "k8s_fedora_coreos_v1", "upgrade")).toMatchObject({
      reason: expect.stringContaining("Magnum 18.0.0") as unknown,
      instead: expect.stringContaining("second cluster") as unknown,
    });
    expect(supports("2026.1", "magnum-cluster-api", "upgrade")).toBe(true);
  });

  it("say of node-group labels that no release up to this one has them, and what to do", () => {
    expect(supports("2026.1", "magnum-capi-helm", "nodeGroupLabels")).toMatchObject({
      reason: expect.stringMatching(/1\.14.*22\.0\.0 has 1\.12; no release up to 2026\.1/) as unknown,
      instead: expect.stringContaining("magnum.openstack.org/role") as unknown,
    });
  });

  it("are refused with a reason and something that works, whatever is asked", () => {
    for (const release of RELEASES) {
      for (const driver of driverNames()) {
        for (const feature of FEATURES) {
          const verdict = supports(release, driver, feature);
          if (verdict === true) continue;
          expect(verdict.reason).toMatch(/^Clusters of .+ cannot .+\.$/);
          expect(verdict.instead).toMatch(/\.$/);
        }
      }
    }
  });
});

describe("an engine of another program", () => {
  it("is one object: registered, it is planned like Magnum's own", () => {
    const nomad: Engine = {
      ...engineOf("kubernetes", "engine"),
      name: "nomad",
      title: "Nomad",
      drivers: [
        { ...(findDriver("k8s_fedora_coreos_v1")?.driver ?? never()), name: "nomad_debian_v1", distros: ["debian"] },
      ],
      api: () => ({ networkDrivers: ["cni"], volumeDrivers: [], serverTypes: ["vm"] }),
    };
    registerEngine(nomad);
    expect(engineNames()).toContain("nomad");
    expect(driverOf({ engine: "nomad", distro: "debian" })).toBe("nomad_debian_v1");
    expect(() => registerEngine(nomad)).toThrow(/registered already/);
  });
});

function never(): never {
  throw new Error("no such driver");
}
