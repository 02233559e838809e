import { describe, expect, it } from "vitest";

import { Hub, type HubArgs } from "../../components/analysis/hub/Hub";
import { hubSettings } from "../support/analysis/hubSettings";
import { graphOf, type Registered } from "../support/graph";

const args = (over: Partial<HubArgs> = {}): HubArgs => ({
  ...{ settings: hubSettings(), oidcClientSecret: "seeded-client-secret", cvmfsClass: "cvmfs", eosClass: "eos" },
  ...over,
});
const inputsOf = (graph: readonly Registered[], name: string) =>
  graph.find((resource) => resource.name === name && !resource.type.startsWith("openstack-fabric:"))?.inputs;

describe("the hub component", () => {
  it("has stable names, and claims on software and data for servers and for executors", async () => {
    const graph = await graphOf(() => new Hub("hub", args()));
    expect(graph.map(({ type, name }) => `${type} ${name}`)).toMatchSnapshot();
    expect(inputsOf(graph, "hub-data-cvmfs")).toMatchObject({ metadata: { namespace: "jupyterhub" } });
    expect(inputsOf(graph, "hub-spark-data-eos")).toMatchObject({ metadata: { namespace: "jupyterhub-executors" } });
  });

  it("holds its namespaces to the level restricted", async () => {
    const graph = await graphOf(() => new Hub("hub", args()));
    for (const name of ["hub", "hub-spark"])
      expect(inputsOf(graph, name)).toMatchObject({
        metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      });
  });

  it("puts secrets into its Secret, and into the chart's values only the proxy's token, which makes them one", async () => {
    const graph = await graphOf(() => new Hub("hub", args()));
    const secret = JSON.stringify(inputsOf(graph, "hub-secrets"));
    for (const seeded of ["seeded-client-secret", "hub-cookies-secret", "hub-state-secret"])
      expect(secret).toContain(seeded);
    const elsewhere = JSON.stringify(graph.filter(({ name }) => name !== "hub-secrets"));
    for (const seeded of ["seeded-client-secret", "hub-cookies-secret", "hub-state-secret"])
      expect(elsewhere).not.toContain(seeded);
    // Marked as secret, in the engine's own form: with a secret in them, all the values are one.
    expect(inputsOf(graph, "hub-chart")?.["values"]).toMatchObject({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: { proxy: { secretToken: "hub-proxy-secret" }, hub: { existingSecret: "hub-secrets" } },
    });
  });

  it("lets notebooks make executors in the executors' namespace, and nothing in the hub's", async () => {
    const graph = await graphOf(() => new Hub("hub", args()));
    const roles = graph.filter(({ type }) => type.includes(":Role"));
    for (const role of roles) expect(role.inputs).toMatchObject({ metadata: { namespace: "jupyterhub-executors" } });
    expect(inputsOf(graph, "hub-spark-binding")).toMatchObject({
      subjects: [{ kind: "ServiceAccount", name: "notebook-spark", namespace: "jupyterhub" }],
    });
  });

  it("makes nothing of Spark's, and no claims, where nobody asks for them", async () => {
    const { small } = hubSettings().profiles;
    const settings = hubSettings({ spark: undefined, profiles: { small: small ?? expect.fail() }, groupProfiles: {} });
    const graph = await graphOf(() => new Hub("hub", { settings, oidcClientSecret: "s" }));
    expect(graph.filter(({ name }) => name.startsWith("hub-spark"))).toEqual([]);
    expect(graph.filter(({ type }) => type.includes("PersistentVolumeClaim"))).toEqual([]);
  });

  it("refuses an OpenID Connect login without its client's secret", async () => {
    await expect(graphOf(() => new Hub("hub", args({ oidcClientSecret: undefined })))).rejects.toThrow(
      /`analysis\.hub\.login\.oidc` needs the client's secret/,
    );
  });
});
