import { Provider } from "@pulumi/kubernetes/provider";
import { describe, expect, it } from "vitest";

import { createAnalysisLayer } from "../../stacks/analysis";
import { analysisSchema } from "../../stacks/config/analysis";
import { hubSettings } from "../support/analysis/hubSettings";
import { graphOf, type Registered } from "../support/graph";

const EOS = {
  instances: { experiment: { host: "eos.example.org" } },
  ...{ login: "oauth2", keytab: "seeded" },
  credential: { secret: "eos-token", image: "docker.io/library/busybox:1.37.0" },
  token: {
    ...{ tokenUrl: "https://login.example.org/token", userinfo: "login.example.org/userinfo" },
    ...{ clientId: "analyses", clientSecret: "seeded", image: "docker.io/library/python:3.13.9-slim" },
  },
};

/** The layer with EOS by tokens, and beside it what is given. */
function layer(parts: object): Promise<Registered[]> {
  const config = analysisSchema.parse({ kubeconfig: "text", data: { eos: EOS }, ...parts });
  return graphOf(() => {
    const provider = new Provider("analysis", { kubeconfig: "text" });
    const target = { provider, apiServer: { cidrs: ["10.20.0.0/24"] } };
    createAnalysisLayer({ config, plan: { runs: {} }, target, file: "stacks/Pulumi.test.yaml" });
  });
}

const tokens = (graph: readonly Registered[]) =>
  graph
    .filter(({ type, name }) => type.endsWith(":Secret") && /eos-token.*-client$/.test(name))
    .map(({ inputs }) => (inputs["metadata"] as { namespace: string }).namespace)
    .sort();

describe("the token of EOS", () => {
  it("is kept in the namespaces of applications, of notebooks and of their executors, who all mount EOS by it", async () => {
    const { login, ...settings } = hubSettings();
    const oidc = { ...login.oidc, clientSecret: "seeded" };
    const graph = await layer({
      spark: { namespaces: { physics: {} } },
      hub: { ...settings, login: { ...login, oidc } },
    });
    expect(tokens(graph)).toEqual(["jupyterhub", "jupyterhub-executors", "physics"]);
  });

  it("is kept where nothing but applications run, in their namespaces only", async () => {
    expect(tokens(await layer({ spark: { namespaces: { physics: {} } } }))).toEqual(["physics"]);
  });
});
