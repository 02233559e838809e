import { describe, expect, it } from "vitest";

import { configSource, readSections } from "../../stacks/config/file";
import { parseConfig } from "../../stacks/config/parse";
import type { StackConfig } from "../../stacks/config/schema";
import { planStack } from "../../stacks/plan";
import { shippedStacks } from "../../tools/preview/main";
import { drawTopology } from "../../tools/topology/draw";
import { topologyOf } from "../../tools/topology/graph";
import type { Box } from "../../tools/topology/model";
import { CHECKOUT } from "../../tools/workspace/workspace";
import { elementsOf, isWire, leavesOf, overlap, segmentsOf } from "../support/svg";

function planned(config: StackConfig, stack: string) {
  return { config, plan: planStack(config, stack), stack };
}

function shipped(stack: string) {
  return planned(parseConfig(readSections(CHECKOUT, stack), configSource(CHECKOUT, stack)), stack);
}

/** A stack of as many of everything as the configuration allows. */
function largest(clusters: number, nodes: number, zoneCount = 8) {
  const zones = Array.from({ length: zoneCount }, (_, index) => `zone-${index + 1}`);
  const config = parseConfig(
    {
      cloud: { release: "2024.2" },
      network: { zones, cidr: "10.0.0.0/8", ipv6Cidr: "fd00::/48", external: "public" },
      messaging: {
        mode: "hybrid",
        services: Array.from({ length: 40 }, (_, index) => `service-${index}`),
        broker: { nodes: 7, flavor: "large", image: "debian" },
        rpc: { interior: 64, flavor: "large", image: "debian" },
      },
      clusters: {
        templates: Object.fromEntries(
          Array.from({ length: 20 }, (_, index) => [`t${index}`, { image: "coreos", flavor: "large" }]),
        ),
        clusters: Object.fromEntries(
          Array.from({ length: clusters }, (_, index) => [`c${index}`, { template: `t${index % 20}`, nodes }]),
        ),
      },
    },
    { file: "large.yaml" },
  );
  return planned(config, "large");
}

const graph = ({ config, plan, stack }: ReturnType<typeof planned>) => topologyOf(config, plan, stack);
const draw = ({ config, plan, stack }: ReturnType<typeof planned>) => drawTopology(config, plan, stack);
const all = (boxes: readonly Box[]): Box[] => boxes.flatMap((box) => [box, ...all(box.children)]);
const ofKind = (boxes: readonly Box[], kind: Box["kind"]) => all(boxes).filter((box) => box.kind === kind);

describe("the graph of a stack", () => {
  it("has every zone with its subnet, and the routers and brokers that the plan places there", () => {
    for (const stack of shippedStacks()) {
      const made = shipped(stack);
      for (const zone of made.plan.zones) {
        const [box] = ofKind(graph(made).boxes, "zone").filter((candidate) => candidate.id === `zone-${zone.zone}`);
        expect(box?.lines[0], stack).toContain(zone.cidr);
        const inZone = (members: readonly { zone: string }[] = []) =>
          members.filter((member) => member.zone === zone.zone).length;
        const counts = (kind: Box["kind"]) => box?.children.find((child) => child.kind === kind)?.title ?? "0";
        expect(parseInt(counts("routers")), stack).toBe(inZone(made.plan.messaging?.mesh?.routers));
        expect(parseInt(counts("brokers")), stack).toBe(inZone(made.plan.messaging?.brokers?.members));
      }
    }
  });

  it("has every cluster with its masters and nodes, and the template that it is made from", () => {
    const { boxes, flows } = graph(shipped("production"));
    expect(ofKind(boxes, "cluster").map((box) => [box.title, ...box.children.map((child) => child.title)])).toEqual([
      ["Cluster production-analysis", "masters ×3", "nodes ×24"],
      ["Cluster production-services", "masters ×3", "nodes ×6"],
    ]);
    expect(flows.filter((flow) => flow.kind === "template").map(({ from, to }) => [from, to])).toEqual([
      ["template-ha", "cluster-analysis"],
      ["template-ha", "cluster-services"],
    ]);
  });

  it("shows a template that no cluster uses", () => {
    expect(ofKind(graph(shipped("sandbox")).boxes, "template").map((box) => box.title)).toEqual([
      "Template large",
      "Template small",
    ]);
  });

  it("leads RPC to the routers and notifications to the brokers, or both to the brokers where there is no mesh", () => {
    const paths = (stack: string) =>
      graph(shipped(stack))
        .flows.filter((flow) => flow.from.startsWith("services"))
        .map((flow) => `${flow.kind} → ${flow.to}`);
    expect(paths("staging")).toEqual(["rpc → routers-nova", "notifications → brokers-nova"]);
    expect(paths("dev")).toEqual(["rpc → brokers-nova", "notifications → brokers-nova"]);
  });

  it("counts every link of the mesh once, between zones and inside them, with its cost", () => {
    const made = shipped("production");
    const between = graph(made).bonds.filter((bond) => bond.kind === "mesh");
    expect(between.map((bond) => bond.lines)).toEqual([
      ["az-1 – az-2", "4 links, cost 10"],
      ["az-1 – az-3", "4 links, cost 10"],
      ["az-2 – az-3", "4 links, cost 10"],
    ]);
    const inside = ofKind(graph(made).boxes, "routers").map((box) => box.lines.at(-1));
    expect(inside).toEqual(Array(3).fill("m1.large · 1 link inside, cost 1"));
    const links = made.plan.messaging?.mesh?.routers.flatMap((router) => router.links).length;
    expect(between.reduce((sum, bond) => sum + bond.count, 0) + inside.length).toBe(links);
  });

  it("ties the members of the broker cluster together and says how many must be up", () => {
    const cluster = graph(shipped("production")).bonds.find((bond) => bond.kind === "cluster");
    expect(cluster?.ends).toEqual(["brokers-az-1", "brokers-az-2", "brokers-az-3"]);
    expect(cluster?.lines).toEqual(["cluster of 5", "quorum 3"]);
  });

  it("names the stack whose network it stands on, and draws no router that is not its own", () => {
    const config = parseConfig(
      {
        cloud: { release: "2024.2" },
        reads: { network: "production" },
        messaging: { mode: "vanilla", services: ["nova"], broker: { flavor: "f", image: "i" } },
      },
      { file: "reader.yaml" },
    );
    const plan = planStack(config, "reader", { zones: shipped("production").plan.zones });
    const { boxes } = topologyOf(config, plan, "reader");
    expect(ofKind(boxes, "network").map((box) => box.title)).toEqual(["Network of stack production"]);
    expect(ofKind(boxes, "zone")).toHaveLength(3);
    expect(ofKind(boxes, "gateway")).toEqual([]);
  });

  it("draws clusters with a network of their own outside the stack's, and all of them where there is none", () => {
    const made = shipped("staging");
    const trial = made.config.clusters?.clusters["trial"];
    if (trial) trial.ownNetwork = true;
    expect(graph(made).boxes.map((box) => box.id)).toContain("cluster-trial");
    const alone = parseConfig(
      {
        cloud: { release: "2024.2" },
        clusters: {
          external: "public",
          templates: { t: { image: "i", flavor: "f" } },
          clusters: { c: { template: "t" } },
        },
      },
      { file: "alone.yaml" },
    );
    expect(graph(planned(alone, "alone")).boxes.map((box) => box.id)).toContain("cluster-c");
  });
});

describe("the picture of a stack", () => {
  it("is well-formed XML for every shipped stack, with every text of the graph in it", async () => {
    for (const stack of shippedStacks()) {
      const texts = elementsOf(await draw(shipped(stack)))
        .filter((element) => element.name === "text")
        .map((element) => element.text);
      for (const box of all(graph(shipped(stack)).boxes)) expect(texts, stack).toContain(box.title);
    }
  });

  it("is the same text for the same stack, in whatever order its configuration names clusters", async () => {
    const made = shipped("production");
    const first = await draw(made);
    expect(await draw(shipped("production"))).toBe(first);
    made.plan.clusters.reverse();
    made.config.messaging?.services.reverse();
    expect(await draw(made)).toBe(first);
  });

  it("keeps zones in the order of the configuration, and no two boxes of one container overlap", async () => {
    for (const made of [...shippedStacks().map(shipped), largest(30, 100), largest(8, 10, 5)]) {
      const boxes = elementsOf(await draw(made)).filter((element) => element.name === "rect");
      const zones = boxes.filter((box) => box.kind === "zone").map((box) => Number(box.attributes["y"]));
      expect(zones, made.stack).toEqual([...zones].sort((a, b) => a - b));
      const leaves = leavesOf(boxes);
      for (const [index, a] of leaves.entries()) {
        for (const b of leaves.slice(index + 1)) if (a.group !== b.group) expect(overlap(a, b), made.stack).toBe(false);
      }
    }
  });

  it("leads no line through a box", async () => {
    for (const made of [...shippedStacks().map(shipped), largest(30, 100), largest(3, 10, 4)]) {
      const elements = elementsOf(await draw(made));
      const leaves = leavesOf(elements);
      const segments = elements.filter(isWire).flatMap(segmentsOf);
      expect(segments.length, made.stack).toBeGreaterThan(0);
      for (const leaf of leaves) for (const segment of segments) expect(overlap(leaf, segment), made.stack).toBe(false);
    }
  });

  it("stays small and readable for the stack `scale`", async () => {
    const svg = await draw(shipped("scale"));
    for (const text of ["8 dispatch routers", "nodes ×128", "… and 3 more", "14 links, cost 10"]) {
      expect(svg).toContain(text);
    }
    expect(svg.length).toBeLessThan(50_000);
  });

  it("counts what is too many to draw: 10,000 nodes in one cluster, or in a hundred, over eight zones", async () => {
    for (const made of [largest(1, 10_000), largest(100, 100)]) {
      const svg = await draw(made);
      expect(svg).toContain("nodes ×10,000");
      expect(svg).toContain("20 cluster templates");
      expect(svg).toContain("all 8 zones");
      expect(svg.length).toBeLessThan(300_000);
      elementsOf(svg);
    }
  });

  it("is light and dark on a background of its own, and has words for those who cannot see it", async () => {
    const svg = await draw(shipped("dev"));
    expect(svg).toContain("prefers-color-scheme:dark");
    expect(svg).toContain('<rect class="ft-bg"');
    const [, id = ""] =
      /role="img" aria-labelledby="(ft-[0-9a-f]{10})-title" aria-describedby="\1-desc"/.exec(svg) ?? [];
    expect(svg).toContain(`<title id="${id}-title">Topology. Stack dev: OpenStack 2026.1`);
    expect(svg).toMatch(new RegExp(`<desc id="${id}-desc">[^<]*Zone nova: 1 RabbitMQ broker`));
  });

  it("escapes what a user named, and drops what no XML may hold", async () => {
    const { config, plan } = shipped("dev");
    const svg = await drawTopology(config, plan, '<b>"&\u0007]]>');
    expect(svg).toContain("&lt;b&gt;&quot;&amp;]]&gt;");
    expect(svg).not.toContain("<b>");
    expect(svg).not.toContain("\u0007");
    elementsOf(svg);
  });
});
