import { describe, expect, it } from "vitest";

import { catalogue, entriesOf } from "../../components/clusters/catalogue";
import { engineOf } from "../../components/clusters/engines/registry";
import { mergeLayers } from "../../components/clusters/layers";
import { within } from "../../components/clusters/magnum";
import { planTemplate, type TemplatePlanRequest } from "../../components/clusters/templatePlan";
import { RELEASES } from "../../components/releases";

const plan = (over: Partial<TemplatePlanRequest> = {}) =>
  planTemplate({
    prefix: "prod",
    key: "t",
    release: "2026.1",
    ...over,
    values: { image: "fcos", flavor: "m1.large", ...over.values },
  });
const messageOf = (over: Partial<TemplatePlanRequest>): string => {
  try {
    plan(over);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("layers of values", () => {
  it("are merged value by value and label by label, and every value keeps its origin and what it took the place of", () => {
    const layer = (name: "site" | "template", values: Record<string, unknown>) => ({
      name,
      source: `${name}.yaml`,
      field: `clusters.${name}`,
      sent: true,
      values,
    });
    const merged = mergeLayers([
      layer("site", { image: "a", flavor: "f", labels: { kube_tag: "v1.1.1", boot_volume_size: 10 } }),
      layer("template", { image: "b", flavor: undefined, labels: { kube_tag: "v2.2.2" } }),
    ]);
    expect(merged["image"]).toMatchObject({
      value: "b",
      layer: "template",
      field: "clusters.template.image",
      overrides: [{ layer: "site", source: "site.yaml", value: "a" }],
    });
    expect(merged["flavor"]).toMatchObject({ value: "f", layer: "site" });
    expect(merged["labels.kube_tag"]).toMatchObject({ value: "v2.2.2", layer: "template" });
    expect(merged["labels.boot_volume_size"]).toMatchObject({ value: 10, layer: "site" });
  });

  it("come in the order release, driver, catalogue, site, template", () => {
    const planned = plan({
      from: "kubernetes/ha",
      site: { drivers: [] },
      siteValues: { masterFlavor: "m1.medium", labels: { container_infra_prefix: "registry.example.org/" } },
      values: { labels: { etcd_volume_size: 50 } },
    });
    expect(planned).toMatchObject({ networkDriver: "calico", masterLoadBalancer: true, masterFlavor: "m1.medium" });
    expect(planned.labels).toMatchObject({
      etcd_volume_size: "50",
      container_infra_prefix: "registry.example.org/",
      kube_tag: "v1.28.9-rancher1",
    });
    expect(planned.merged["labels.etcd_volume_size"]).toMatchObject({
      layer: "template",
      overrides: [{ layer: "catalogue" }, { layer: "driver", value: "0" }],
    });
    expect(planned.merged["labels.kube_dashboard_enabled"]).toMatchObject({ layer: "driver", sent: false });
    expect(planned.labels).not.toHaveProperty("kube_dashboard_enabled");
  });
});

describe("a cluster template's plan", () => {
  it("is named by what it sends, whatever layer said it, and not by who may use it", () => {
    const here = plan({ values: { dockerVolumeSize: 20 } });
    const there = plan({ siteValues: { dockerVolumeSize: 20 }, site: { magnum: "cern" }, acceptUnknownLabels: true });
    expect(there.name).toBe(here.name);
    expect(here.name).toMatch(/^prod-t-[0-9a-f]{8}$/);
    expect(plan({ values: { dnsNameservers: ["10.0.0.1", "10.0.0.2"] } }).name).not.toBe(
      plan({ values: { dnsNameservers: ["10.0.0.2", "10.0.0.1"] } }).name,
    );
  });

  it("keeps the names that templates had before there were layers", () => {
    expect(
      plan({
        prefix: "s",
        key: "small",
        values: { image: "fedora-coreos", flavor: "m1.small", networkDriver: "flannel" },
      }).name,
    ).toBe("s-small-182c96e3");
  });

  it("blames the layer that said what is wrong", () => {
    expect(messageOf({ siteValues: { networkDriver: "weave" } })).toBe(
      '`clusters.site.defaults.networkDriver` must be flannel or calico with k8s_fedora_coreos_v1 on 2026.1, got "weave".',
    );
    expect(messageOf({ siteValues: { labels: { etcd_volume_size: "big" } } })).toContain(
      "`clusters.site.defaults.labels.etcd_volume_size` must be",
    );
    expect(messageOf({ from: "kubernetes/nope" })).toMatch(
      /`clusters.templates.t.from` must be one of .*kubernetes\/ha/,
    );
  });

  it("refuses an entry of the catalogue that is of another engine than the template or the site says", () => {
    expect(messageOf({ from: "swarm/ha", values: { engine: "kubernetes" } })).toBe(
      '`clusters.templates.t.engine` must be "swarm" or left out with `from: swarm/ha`, got "kubernetes". Take an entry of kubernetes, or the entry\'s engine.',
    );
  });

  it("collects every mistake", () => {
    const message = messageOf({
      values: {
        networkDriver: "cilium",
        volumeDriver: "rexray",
        tlsDisabled: true,
        labels: { kube_tag: "1", nope: "x" },
      },
    });
    expect(message).toMatch(/^5 problems:/);
  });

  it("refuses what makes a cluster open, unless it is accepted knowingly", () => {
    expect(messageOf({ values: { tlsDisabled: true } })).toContain("`clusters.templates.t.accept: [plaintext-api]`");
    expect(plan({ values: { tlsDisabled: true }, accept: ["plaintext-api"] }).tlsDisabled).toBe(true);
    expect(messageOf({ values: { insecureRegistry: "10.0.0.5:5000" } })).toContain("[plaintext-registry]");
  });

  it("refuses attributes that the driver would silently ignore, and says what to use", () => {
    const site = { drivers: ["magnum-capi-helm"] };
    expect(messageOf({ site, values: { dockerVolumeSize: 50 } })).toMatch(
      /of no use with magnum-capi-helm.*boot_volume_size/,
    );
    expect(messageOf({ values: { apiserverPort: 8443 } })).toContain("None of Magnum's drivers reads it");
  });

  it("tells Cluster API's drivers a network driver, since Magnum's default is none that they can do", () => {
    expect(plan().networkDriver).toBeUndefined();
    expect(plan({ site: { drivers: ["magnum-cluster-api"] } }).networkDriver).toBe("calico");
    expect(plan({ site: { drivers: ["magnum-cluster-api"] }, values: { networkDriver: "cilium" } }).networkDriver).toBe(
      "cilium",
    );
    // The API took cilium only from 18.0.0 on.
    expect(
      messageOf({ release: "zed", site: { drivers: ["magnum-cluster-api"] }, values: { networkDriver: "cilium" } }),
    ).toContain("must be calico with magnum-cluster-api on zed");
  });

  it("checks what only several values together show", () => {
    expect(messageOf({ values: { volumeDriver: "cinder", labels: { cloud_provider_enabled: false } } })).toContain(
      "`clusters.templates.t.labels.cloud_provider_enabled` is false, but `volumeDriver: cinder` needs",
    );
    const mesos = (labels: Record<string, string>) =>
      messageOf({ release: "train", values: { engine: "mesos", labels } });
    expect(mesos({ mesos_slave_image_providers: "docker" })).toContain("docker/runtime");
    expect(mesos({ mesos_slave_isolation: "cgroups/cpu,magic" })).toContain("has magic; allowed are");
    expect(mesos({ mesos_slave_executor_env_variables: "{" })).toContain("must be a text that is JSON");
    const atomic = { driver: "k8s_fedora_atomic_v1" as const, dockerStorageDriver: "devicemapper" as const };
    expect(messageOf({ release: "train", values: atomic })).toContain("at least 3 GiB");
    expect(plan({ release: "train", values: { ...atomic, dockerVolumeSize: 3 } }).dockerVolumeSize).toBe(3);
    expect(messageOf({ values: { dockerStorageDriver: "devicemapper" } })).toContain("Heat template refuses it");
  });
});

describe("the catalogue", () => {
  it("has small, ha, gpu and analysis for each engine", () => {
    const names = ["kubernetes", "swarm", "swarm-mode", "mesos", "dcos"].flatMap((engine) =>
      ["analysis", "gpu", "ha", "small"].map((entry) => `${engine}/${entry}`),
    );
    expect([...catalogue().keys()].sort()).toEqual(names.sort());
  });

  it("plans in every release that has the engine, with every driver, on upstream's Magnum and on CERN's", () => {
    for (const [from, entry] of catalogue()) {
      for (const driver of engineOf(entry.engine, "engine").drivers) {
        const serverType = driver.serverTypes[0] as "vm" | "bm";
        for (const release of RELEASES.filter((candidate) => within(candidate, driver))) {
          for (const magnum of ["upstream", "cern"] as const) {
            const planned = plan({
              from,
              release,
              site: { magnum, drivers: [driver.name] },
              values: { driver: driver.name, serverType },
            });
            expect(planned).toMatchObject({ engine: entry.engine, driver: driver.name, warnings: [] });
          }
        }
      }
    }
  });

  it("has highly available templates with a load balancer, and with an etcd that outlives its node where it is asked for", () => {
    expect(plan({ from: "kubernetes/ha" })).toMatchObject({
      masterLoadBalancer: true,
      labels: { etcd_volume_size: "20" },
    });
    expect(plan({ from: "kubernetes/ha", site: { drivers: ["magnum-capi-helm"] } }).labels).toEqual({
      etcd_blockdevice_size: "20",
    });
    expect(plan({ from: "swarm-mode/ha", release: "train" })).toMatchObject({
      masterLoadBalancer: true,
      engine: "swarm-mode",
    });
  });

  it("gives each release the labels that were tested with it", () => {
    const kubeTag = (release: "yoga" | "2023.1" | "2023.2" | "2024.1" | "2025.2" | "train") =>
      plan({ from: "kubernetes/small", release }).labels["kube_tag"];
    expect([
      kubeTag("train"),
      kubeTag("yoga"),
      kubeTag("2023.1"),
      kubeTag("2023.2"),
      kubeTag("2024.1"),
      kubeTag("2025.2"),
    ]).toEqual([
      undefined,
      "v1.23.3-rancher1",
      "v1.23.8-rancher1",
      "v1.26.8-rancher1",
      "v1.27.8-rancher2",
      "v1.28.9-rancher1",
    ]);
  });

  it("mounts CVMFS and EOS by labels at CERN only", () => {
    expect(plan({ from: "kubernetes/analysis" }).labels).not.toHaveProperty("eos_enabled");
    expect(plan({ from: "kubernetes/analysis", site: { magnum: "cern" } }).labels).toMatchObject({
      cvmfs_csi_enabled: "true",
      eos_enabled: "true",
    });
  });

  it("is checked when it is read", () => {
    expect(() =>
      entriesOf("x.yaml", "engine: kubernetes\ntemplates: { a: { description: d, values: { flavour: x } } }"),
    ).toThrow(/catalogue\/x.yaml: .*flavour/s);
  });
});
