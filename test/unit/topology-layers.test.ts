import { describe, expect, it } from "vitest";

import { parseConfig } from "../../stacks/config/parse";
import { planStack } from "../../stacks/plan";
import { drawTopology } from "../../tools/topology/draw";
import { topologyOf } from "../../tools/topology/graph";
import type { Box } from "../../tools/topology/model";
import { plannedStack } from "../../tools/topology/planned";
import { elementsOf, isWire, leavesOf, overlap, segmentsOf } from "../support/svg";

const SECRET = "s3cr3t-5eed";

const SITES = {
  aachen: { gateways: { "ac-router-01": "10.90.0.32", "ac-router-02": "10.90.0.33" }, cidr: "10.90.0.0/16" },
  prevessin: { gateways: { "prev-router-01": "10.80.0.32", "prev-router-02": "10.80.0.33" }, cidr: "10.80.0.0/16" },
};

const ANALYSIS = {
  cluster: "analysis",
  spark: {
    namespaces: { physics: {}, students: {} },
    store: { endpoint: "https://s3.example.org" },
    credentials: { accessKey: SECRET, secretKey: SECRET },
  },
  data: {
    cvmfs: { repositories: ["sft.cern.ch", "atlas.cern.ch"], proxy: `http://user:${SECRET}@squid:3128` },
    eos: { instances: { public: { host: "eospublic.cern.ch" } }, keytab: SECRET },
  },
  hub: {
    profiles: {
      small: { displayName: "S", image: "quay.io/x:1.0", cores: { guarantee: 1 }, memoryGiB: { guarantee: 2 } },
    },
    defaultProfile: "small",
    login: {
      kind: "oidc",
      oidc: {
        clientId: "hub",
        clientSecret: SECRET,
        authorizeUrl: "https://idp.example.org/a",
        tokenUrl: "https://idp.example.org/t",
        userinfoUrl: "https://idp.example.org/u",
      },
    },
  },
  analyses: {
    dimuon: { definition: "a.yaml", namespace: "students", nodeGroups: ["gpu"], parameters: { token: SECRET } },
    higgs: { definition: "b.yaml" },
  },
};

/** A stack with every layer, and a secret in every place that has one. */
function everything(analysis: Record<string, unknown> = ANALYSIS, analyses = 0) {
  const runs = Object.fromEntries(Array.from({ length: analyses }, (_, at) => [`run-${at}`, { definition: "r.yaml" }]));
  const config = parseConfig(
    {
      cloud: { release: "2024.2" },
      network: { zones: ["az-1", "az-2"], cidr: "10.0.0.0/8", external: "public" },
      messaging: {
        mode: "hybrid",
        services: ["nova"],
        broker: { nodes: 3, flavor: "m1.large", image: "debian" },
        rpc: {
          ...{ interior: 4, flavor: "m1.small", image: "debian", site: "geneva", sites: SITES },
          edges: { "rack-a": { count: 200, zone: "az-1" }, shared: { count: 4 } },
        },
      },
      clusters: {
        templates: { ha: { from: "kubernetes/ha", image: "coreos", flavor: "m1.large" } },
        clusters: {
          analysis: {
            template: "ha",
            masters: 3,
            nodes: 24,
            nodeGroups: {
              gpu: { nodes: 4, minNodes: 1, maxNodes: 10, flavor: "g1.large", role: "gpu" },
              himem: { nodes: 2, flavor: "m1.xlarge" },
            },
          },
        },
      },
      analysis: { ...analysis, ...(analyses > 0 && { analyses: runs }) },
    },
    { file: "everything.yaml" },
  );
  return { config, plan: planStack(config, "everything"), stack: "everything" };
}

type Made = ReturnType<typeof everything>;
const graph = ({ config, plan, stack }: Made) => topologyOf(config, plan, stack);
const draw = ({ config, plan, stack }: Made) => drawTopology(config, plan, stack);
const all = (boxes: readonly Box[]): Box[] => boxes.flatMap((box) => [box, ...all(box.children)]);
const find = (made: Made, id: string) => all(graph(made).boxes).find((box) => box.id === id);
const inside = (made: Made, id: string) => find(made, id)?.children.map(({ title, lines }) => [title, ...lines]);

describe("the graph of every layer", () => {
  it("has the node groups of a cluster with their flavors, limits and roles, and what runs on it", () => {
    expect(inside(everything(), "cluster-analysis")).toEqual([
      ["masters ×3", "m1.large"],
      ["nodes ×24", "m1.large"],
      ["group gpu ×4", "g1.large · 1 to 10", "role gpu"],
      ["group himem ×2", "m1.xlarge"],
      ["Spark", "operator", "physics, students"],
      ["JupyterHub", "login by oidc", "1 profile"],
      ["CVMFS", "atlas.cern.ch", "sft.cern.ch"],
      ["EOS", "/eos/public"],
      ["Analysis dimuon", "in students", "on gpu"],
      ["Analysis higgs", "in physics"],
    ]);
  });

  it("counts analyses that are too many to draw", () => {
    const titles = inside(everything(ANALYSIS, 120), "cluster-analysis")?.map(([title]) => title);
    expect(titles?.slice(-5)).toEqual(["Spark", "JupyterHub", "CVMFS", "EOS", "120 analyses"]);
  });

  it("puts workloads on another stack's cluster, or a kubeconfig's, where they run there", () => {
    const of = (raw: Record<string, unknown>) => {
      const config = parseConfig({ cloud: { release: "2024.2" }, ...raw }, { file: "other.yaml" });
      const [box] = topologyOf(config, planStack(config, "other"), "other").boxes;
      return [box?.title, ...(box?.lines ?? []), ...(box?.children ?? []).map(({ title }) => title)];
    };
    const apiServer = { cidrs: ["10.20.0.0/24"] };
    const spark = { namespaces: { physics: {} } };
    expect(of({ reads: { clusters: "production" }, analysis: { cluster: "big", apiServer, spark } })).toEqual([
      ...["Cluster big", "of stack production", "Spark"],
    ]);
    expect(of({ analysis: { kubeconfig: SECRET, apiServer, spark } })).toEqual([
      "Kubernetes",
      "of a given kubeconfig",
      "Spark",
    ]);
  });

  it("counts edge routers by rack with their first and last numbers, and leads RPC to them", () => {
    const made = everything();
    expect(find(made, "edges-az-1")?.title).toBe("202 edge routers");
    expect(find(made, "edges-az-1")?.lines).toEqual([
      "rack-a 01–200  ×200",
      "shared 01–03  ×2",
      "m1.small · each to 2 routers, cost 1",
    ]);
    const rpc = graph(made).flows.filter(({ kind }) => kind === "rpc");
    expect(rpc.map(({ to }) => to).sort()).toEqual(["edges-az-1", "edges-az-2"]);
  });

  it("has other sites with the links that lead there, and those that are opened there", () => {
    const made = everything();
    expect(find(made, "site-aachen")?.lines).toEqual(["10.90.0.0/16", "2 gateways"]);
    const bonds = graph(made).bonds.filter(({ to }) => to !== undefined);
    expect(bonds.map(({ to, lines }) => [to, ...lines])).toEqual([
      ["site-aachen", "to site aachen", "2 links, cost 100"],
      ["site-prevessin", "from site prevessin", "links that it opens"],
    ]);
    const links = made.plan.messaging?.mesh?.routers.flatMap((router) => router.links) ?? [];
    expect(links.filter(({ to }) => to.startsWith("aachen-"))).toHaveLength(2);
  });

  it("shows the stack `local` as containers on Docker, without a Neutron router", () => {
    const made = { ...plannedStack("local"), stack: "local" };
    expect(graph(made).subtitle).toMatch(/^containers on Docker/);
    expect(find(made, "gateway")).toBeUndefined();
    expect(find(made, "network")?.lines).toEqual(["Docker network  10.87.0.0/20"]);
    expect(find(made, "brokers-zone-1")?.lines.at(-1)).toBe("container, published on 127.0.0.1");
  });
});

describe("the picture of every layer", () => {
  it("has no secret of the configuration in it", async () => {
    const made = everything();
    expect(JSON.stringify(made.config).split(SECRET).length).toBeGreaterThan(6);
    expect(await draw(made)).not.toContain(SECRET);
    expect(await draw(made)).not.toContain("squid");
  });

  it("has neither boxes on boxes nor lines through them", async () => {
    const elements = elementsOf(await draw(everything()));
    const leaves = leavesOf(elements);
    const segments = elements.filter(isWire).flatMap(segmentsOf);
    expect(leaves.length).toBeGreaterThan(20);
    for (const [at, a] of leaves.entries()) {
      for (const b of leaves.slice(at + 1)) if (a.group !== b.group) expect(overlap(a, b)).toBe(false);
      for (const segment of segments) expect(overlap(a, segment)).toBe(false);
    }
  });

  it("keeps every text within its box, by the width that texts are estimated at", async () => {
    for (const made of [
      everything(),
      everything(ANALYSIS, 120),
      { ...plannedStack("production"), stack: "production" },
    ]) {
      const elements = elementsOf(await draw(made));
      const texts = elements.filter(
        ({ name, kind, attributes }) => name === "text" && kind !== "" && attributes["text-anchor"] === undefined,
      );
      const inBoxes = texts.filter(({ owner }) => owner.startsWith("ft-box"));
      expect(inBoxes.length).toBeGreaterThan(30);
      for (const { text, group, attributes } of inBoxes) {
        const front = elements.filter((element) => element.name === "rect" && element.group === group).at(-1);
        const right = Number(front?.attributes["x"]) + Number(front?.attributes["width"]);
        const size = attributes["class"] === "ft-title" ? 14 : 12;
        expect(Number(attributes["x"]) + 0.6 * size * [...text].length, text).toBeLessThanOrEqual(right);
      }
    }
  });
});
