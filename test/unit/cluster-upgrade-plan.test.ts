import { describe, expect, it } from "vitest";

import { describeKept, type ExistingCluster, findReplacements } from "../../components/clusters/replacements";
import { clusterChanges } from "../../stacks/clusterChanges";
import { planClusters } from "../../stacks/clustersPlan";
import { clustersSchema } from "../../stacks/config/clusters";

const SITE = { drivers: ["magnum-cluster-api"] };
const TEMPLATE = { image: "ubuntu", flavor: "m1.small", labels: { kube_tag: "v1.32.4" } };

/** A stack of one cluster that is upgraded in place. */
function planned(cluster: object = {}, template: object = {}) {
  const templates = { small: { ...TEMPLATE, ...template } };
  const clusters = { lab: { template: "small", upgrade: "in-place", ...cluster } };
  const config = clustersSchema.parse({ external: "public", site: SITE, templates, clusters });
  return { config, plan: planClusters(config, { prefix: "p", release: "2026.1" }) };
}

/** What an update of it says to a cluster that is there. */
function changes(existing: Partial<ExistingCluster>, cluster: object = {}, template: object = {}): string[] {
  const { config, plan } = planned(cluster, template);
  const [lab] = plan.clusters;
  const [labConfig, small] = [config.clusters["lab"], plan.templates["small"]];
  if (lab === undefined || labConfig === undefined || small === undefined) throw new Error("no plan");
  const there: ExistingCluster = {
    ...{ name: "p-lab", templateName: "p-small-00000000", status: "CREATE_COMPLETE", masters: 1 },
    ...{ flavor: "m1.small", masterFlavor: "m1.small", floatingIps: false },
    ...{ labels: { kube_tag: "v1.31.1" }, ownLabels: [], ...existing },
  };
  return clusterChanges({ plan: lab, config: labConfig, template: small, release: "2026.1", existing: there });
}

describe("a cluster that is upgraded in place", () => {
  it("takes the next minor without a word", () => {
    expect(changes({})).toEqual([]);
  });

  it("is refused more than one, from the version that its driver takes by itself where its template said none", () => {
    expect(() => changes({ labels: {} })).toThrow(/cannot go from v1\.25\.3 to v1\.32\.4.*`kube_tag` of 1\.26 first/);
  });

  it("is refused while it is not complete, whichever its version", () => {
    const labels = { kube_tag: "v1.32.4" };
    expect(() => changes({ status: "UPDATE_FAILED", labels })).toThrow(/lab` is UPDATE_FAILED; Magnum upgrades only/);
  });

  it("needs the label that its driver upgrades to", () => {
    expect(() => planned({}, { labels: {} })).toThrow(
      /`clusters\.templates\.small\.labels\.kube_tag` is missing: magnum-cluster-api upgrades.*UPDATE_FAILED/,
    );
    expect(() => planned({ upgrade: "keep" }, { labels: {} })).not.toThrow();
  });

  it("keeps its own labels, and says so where others are planned", () => {
    const own = { labels: { audit_log_enabled: false } };
    const there = { labels: { kube_tag: "v1.31.1", audit_log_enabled: "true" } };
    expect(changes(there, own)).toEqual([
      expect.stringMatching(/lab keeps `labels\.audit_log_enabled` true, although false is planned.*`generation`/),
    ]);
    expect(changes(there, { ...own, upgrade: "keep" })[0]).toMatch(/lab will be REPLACED/);
  });
});

describe("a value that a cluster is given no more", () => {
  const existing: ExistingCluster = {
    ...{ name: "p-lab", templateName: "p-small-0a1b2c3d", status: "CREATE_COMPLETE", masters: 1 },
    ...{ keyPair: "old", dockerVolumeSize: 12, labels: { a: "1", b: "2" }, ownLabels: ["a", "b"] },
  };

  it("replaces nothing, and is said to stay", () => {
    expect(findReplacements(existing, { masters: 1, keyPair: undefined, dockerVolumeSize: undefined })).toEqual([]);
    expect(describeKept("lab", existing, { keyPair: undefined, dockerVolumeSize: 12 })).toEqual([
      expect.stringMatching(/lab keeps `keyPair` old, although nothing is planned/),
    ]);
  });

  it("replaces where it is a label that the state has, and not where a former template left it", () => {
    const fields = (deployed: ExistingCluster["deployed"], labels: Record<string, string>) =>
      findReplacements({ ...existing, deployed }, { labels }).map(({ field, from, to }) => `${field} ${from} → ${to}`);
    expect(fields({ labels: { a: "1" }, merged: true }, {})).toEqual(["labels.a 1 → the template's value"]);
    expect(fields({ labels: { a: "1", b: "2" }, merged: false }, {})).toEqual([]);
    expect(fields({ labels: { a: "1", b: "2" }, merged: false }, { a: "1" })).toEqual([
      "labels.a the template's 1 → 1",
    ]);
    expect(fields({ labels: { a: "1" }, merged: true }, { a: "1" })).toEqual([]);
  });
});

describe("a cluster's floating IPs", () => {
  it("are its template's where it says nothing, since the provider would send that there are none", () => {
    const [keep, withIps] = [{ upgrade: "keep" }, { driver: "k8s_fedora_coreos_v1", floatingIps: true }];
    expect(planned(keep, withIps).plan.clusters[0]).toMatchObject({ floatingIps: true });
    expect(changes({ floatingIps: false }, keep, withIps)[0]).toMatch(/REPLACED.*`floatingIps` false → true/);
    expect(changes({ floatingIps: undefined }, keep, withIps).join()).not.toMatch(/REPLACED/);
  });
});
