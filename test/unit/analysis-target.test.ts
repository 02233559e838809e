import { describe, expect, it } from "vitest";

import { parseConfig } from "../../stacks/config/parse";

const source = { file: "stacks/Pulumi.test.yaml" };
const cloud = { release: "2026.1" };
const spark = { namespaces: { jobs: {} } };
const apiServer = { cidrs: ["10.20.0.0/24"] };
const clusters = {
  external: "public",
  templates: { small: { image: "i", flavor: "f" } },
  clusters: { lab: { template: "small" } },
};

function messageOf(sections: Record<string, unknown>): string {
  try {
    parseConfig(sections, source);
    return "accepted";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("what an analysis layer runs on", () => {
  it("is a cluster of the stack", () => {
    expect(messageOf({ cloud, clusters, analysis: { cluster: "lab", spark } })).toBe("accepted");
    expect(messageOf({ cloud, clusters, analysis: { cluster: "labs", spark } })).toMatch(
      /`analysis\.cluster` must be a cluster of this stack \(lab\), got `labs`; or name .*`reads\.clusters`/,
    );
  });

  it("is a cluster of the stack that is read, whose clusters are not known yet", () => {
    const analysis = { cluster: "labs", apiServer, spark };
    expect(messageOf({ reads: { clusters: "clouds" }, analysis })).toBe("accepted");
  });

  it("is any cluster of a kubeconfig, without an OpenStack", () => {
    const analysis = { kubeconfig: "text", apiServer, spark };
    expect(messageOf({ analysis })).toBe("accepted");
    expect(messageOf({ network: { zones: ["a"], cidr: "10.0.0.0/16" }, analysis })).toMatch(/`cloud` is missing/);
  });

  it("has its API's addresses given where another made the cluster", () => {
    const missing = /`analysis\.apiServer` is missing: .*such as `cidrs: \[10\.20\.0\.0\/24/;
    expect(messageOf({ analysis: { kubeconfig: "text", spark } })).toMatch(missing);
    expect(messageOf({ reads: { clusters: "clouds" }, analysis: { cluster: "labs", spark } })).toMatch(missing);
  });

  it("is one thing: Spark's own cluster on a Swarm stands beside nothing that needs a Kubernetes", () => {
    const standalone = { on: "swarm" };
    expect(messageOf({ cloud, clusters, analysis: { cluster: "lab", standalone } })).toBe("accepted");
    expect(messageOf({ cloud, clusters, analysis: { cluster: "lab", standalone, spark } })).toMatch(
      /`analysis\.spark` needs a Kubernetes, and `analysis\.standalone` runs on a Swarm\. Put one of them into/,
    );
  });

  it("is said once", () => {
    expect(messageOf({ analysis: { spark } })).toMatch(/`analysis\.cluster` is missing/);
    expect(messageOf({ cloud, clusters, analysis: { cluster: "lab", kubeconfig: "text", spark } })).toMatch(
      /`analysis\.kubeconfig` and `analysis\.cluster` are both given/,
    );
  });

  it("is Spark's own cluster on a Docker host, which has no Kubernetes", () => {
    const docker = { host: "unix:///var/run/docker.sock" };
    expect(messageOf({ cloud, docker, analysis: { standalone: { on: "host" } } })).toBe("accepted");
    expect(messageOf({ cloud, docker, analysis: { standalone: { on: "swarm" } } })).toMatch(/Set `on: host`/);
    expect(messageOf({ cloud, docker, analysis: { spark } })).toMatch(/`analysis\.spark` needs a Kubernetes/);
  });
});
