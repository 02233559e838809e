import { describe, expect, it } from "vitest";

import { configSource, readSections } from "../../stacks/config/file";
import { parseConfig } from "../../stacks/config/parse";
import { planStack } from "../../stacks/plan";
import { drawTopology } from "../../tools/topology/draw";
import { topologyOf } from "../../tools/topology/graph";
import { CHECKOUT } from "../../tools/workspace/workspace";

function shipped(stack: string) {
  const config = parseConfig(readSections(CHECKOUT, stack), configSource(CHECKOUT, stack));
  return { config, plan: planStack(config, stack), stack };
}

const draw = ({ config, plan, stack }: ReturnType<typeof shipped>) => drawTopology(config, plan, stack);

describe("the picture of a stack", () => {
  it("has a box for every zone's routers and brokers, and for every cluster", () => {
    const { config, plan, stack } = shipped("production");
    const [network] = topologyOf(config, plan, stack).boxes.filter((box) => box.kind === "network");
    const zones = network?.children.filter((box) => box.kind === "zone") ?? [];
    expect(zones.map((zone) => [zone.title, ...zone.children.map((box) => box.title)])).toEqual([
      ["az-1", "2 dispatch routers", "2 RabbitMQ brokers"],
      ["az-2", "2 dispatch routers", "2 RabbitMQ brokers"],
      ["az-3", "2 dispatch routers", "1 RabbitMQ broker"],
    ]);
    const clusters = network?.children.filter((box) => box.kind === "cluster") ?? [];
    expect(clusters.map((cluster) => cluster.children.map((box) => box.title))).toEqual([
      ["3 masters", "6 nodes"],
      ["3 masters", "24 nodes"],
    ]);
  });

  it("counts the links between zones, and says what they cost", () => {
    const { config, plan, stack } = shipped("production");
    const mesh = topologyOf(config, plan, stack).links.filter((link) => link.kind === "mesh");
    expect(mesh.map((link) => link.label)).toEqual(Array(3).fill("4 links, cost 10"));
  });

  it("stays readable at any size: members beyond a few are counted, not drawn", async () => {
    const svg = await draw(shipped("scale"));
    expect(svg).toContain("8 dispatch routers");
    expect(svg).toContain("128 nodes");
    expect(svg).toContain("… and 3 more");
    expect(svg.length).toBeLessThan(50_000);
  });

  it("is the same text for the same stack", async () => {
    expect(await draw(shipped("sandbox"))).toBe(await draw(shipped("sandbox")));
  });

  it("is light and dark, and has words for those who cannot see it", async () => {
    const svg = await draw(shipped("dev"));
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg).toMatch(/role="img" aria-label="Topology of stack dev: OpenStack 2026.1/);
  });

  it("escapes what a user named", async () => {
    const { config, plan } = shipped("dev");
    const svg = await drawTopology(config, plan, '<b>"&');
    expect(svg).toContain("&lt;b&gt;&quot;&amp;");
    expect(svg).not.toContain("<b>");
  });
});
