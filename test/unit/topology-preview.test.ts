import { describe, expect, it } from "vitest";

import { drawPreview } from "../../tools/topology/draw";
import { type Box, OPERATIONS } from "../../tools/topology/model";
import { plannedStack } from "../../tools/topology/planned";
import { changeGraph } from "../../tools/topology/preview/graph";
import { previewOf } from "../../tools/topology/preview/read";
import {
  groupSteps,
  type RawStep,
  recordedChange,
  recordedPreviews,
  serverSteps,
  step,
  urnOf,
} from "../support/previews/steps";
import { elementsOf, isWire, leavesOf, overlap, segmentsOf } from "../support/svg";

const all = (boxes: readonly Box[]): Box[] => boxes.flatMap((box) => [box, ...all(box.children)]);
const graph = (...steps: RawStep[]) => changeGraph([{ preview: previewOf({ steps }) }]);
const draw = (...steps: RawStep[]) => drawPreview({ preview: { steps } });

/** What happens to every box that something happens to, by title. */
function marks({ boxes }: ReturnType<typeof graph>): Record<string, unknown> {
  const changed = all(boxes).filter(({ change }) => Object.keys(change?.counts ?? {}).length > 0);
  return Object.fromEntries(
    changed.map(({ title, change }) => [title, change?.single === true ? change.whole : change?.counts]),
  );
}

const find = ({ boxes }: ReturnType<typeof graph>, id: string) => all(boxes).find((box) => box.id === id);

describe("a preview that was recorded", () => {
  const recorded = () => changeGraph([{ preview: previewOf(recordedChange()) }]);

  it("marks each thing by what happens to it, and counts the members of a group", () => {
    expect(marks(recorded())).toEqual({
      "Services (clients)": "update",
      "Template small": "delete",
      "3 dispatch routers": { create: 1 },
      "14 edge routers": { create: 2 },
      "1 broker": { replace: 1 },
      "8 edge routers": { delete: 8 },
      "3 edge routers": { create: 3 },
      "Cluster production-analysis": "update",
      "nodes ×32": "update",
      "group cpu ×5": "create",
      "group himem ×2": "delete",
    });
    const brokers = find(recorded(), "brokers-az-1");
    expect(brokers?.change?.counts).toEqual({ replace: 1, delete: 1 });
    expect(brokers?.lines.slice(0, 2)).toEqual([
      "± production-broker-01  10.50.0.10",
      "− production-broker-04  10.50.0.11",
    ]);
  });

  it("has the engine's numbers in the legend", async () => {
    for (const [file, preview] of recordedPreviews()) {
      const { steps, changeSummary } = preview;
      const texts = elementsOf(await drawPreview({ preview, source: file })).map(({ text }) => text);
      for (const op of OPERATIONS) {
        const count = changeSummary?.[op] ?? steps.filter((one) => one.op === op).length;
        expect(texts, file).toContain(`${op} (${count})`);
      }
    }
  });

  it("gives boxes the colour of the one operation, a sign beside it, and none where nothing changes", async () => {
    const elements = elementsOf(await drawPreview({ preview: recordedChange() }));
    const classes = new Map(
      elements.filter(({ attributes }) => attributes["class"] === "ft-title").map(({ text, owner }) => [text, owner]),
    );
    expect(classes.get("Template small")).toBe("ft-box ft-k-template ft-delete");
    expect(classes.get("3 edge routers")).toBe("ft-box ft-k-edges ft-create");
    expect(classes.get("Cluster production-analysis")).toBe("ft-box ft-k-cluster ft-update");
    expect(classes.get("14 edge routers")).toBe("ft-box ft-k-edges");
    expect(classes.get("production-router")).toBe("ft-box ft-k-gateway");
    const signs = elements.filter(({ attributes }) => attributes["class"] === "ft-sign").map(({ text }) => text);
    expect(signs).toEqual(expect.arrayContaining(["+", "~", "±1", "−", "−8", "+3"]));
  });

  it("is drawn with what the stack's plan has, and what the plan has no more is still there", async () => {
    const planned = { ...plannedStack("production"), stack: "production" };
    const svg = await drawPreview({ preview: recordedChange(), planned });
    const texts = elementsOf(svg).map(({ text }) => text);
    for (const text of ["Template small", "group himem ×2", "8 edge routers", "public", "4 links, cost 10"]) {
      expect(texts).toContain(text);
    }
  });

  it("is refused with the configuration of another stack", async () => {
    const planned = { ...plannedStack("staging"), stack: "staging" };
    await expect(drawPreview({ preview: recordedChange(), planned, source: "p.json" })).rejects.toThrow(
      'p.json is a preview of stack "production", not of "staging".',
    );
  });

  it("has neither boxes on boxes nor lines through them, alone and with its plan", async () => {
    const planned = { ...plannedStack("production"), stack: "production" };
    for (const svg of [
      await drawPreview({ preview: recordedChange() }),
      await drawPreview({ preview: recordedChange(), planned }),
    ]) {
      const elements = elementsOf(svg);
      const leaves = leavesOf(elements);
      const segments = elements.filter(isWire).flatMap(segmentsOf);
      expect(segments.length).toBeGreaterThan(10);
      for (const [at, a] of leaves.entries()) {
        for (const b of leaves.slice(at + 1)) if (a.group !== b.group) expect(overlap(a, b)).toBe(false);
        for (const segment of segments) expect(overlap(a, segment)).toBe(false);
      }
    }
  });

  it("is the same picture in whatever order the engine told its steps", async () => {
    const { steps } = recordedChange();
    expect(await draw(...[...steps].reverse())).toBe(await draw(...steps));
  });
});

describe("what happens to a thing", () => {
  const BROKER = "messaging-broker-01";

  it("is a replacement where the engine tells one in three steps, and is counted once", () => {
    const steps = ["delete-replaced", "replace", "create-replacement"].flatMap((op) =>
      serverSteps(op, "BrokerCluster", BROKER, "az-1").slice(2),
    );
    expect(marks(graph(...steps))).toEqual({ "1 broker": { replace: 1 } });
    expect(graph(...steps).operations).toEqual({ replace: 1 });
  });

  it("is what the engine says last where it refreshed everything first", () => {
    const before = serverSteps("refresh", "BrokerCluster", BROKER, "az-1");
    const [, , lost] = serverSteps("create", "BrokerCluster", BROKER, "az-1");
    const made = graph(...before, lost!);
    expect(marks(made)).toEqual({ "1 broker": { create: 1 } });
    expect(find(made, "brokers-az-1")?.lines).toEqual(["+ made-broker-01  10.0.0.9", "m1.large"]);
  });

  it("stands in the zone of its address where the preview has nothing but its port", () => {
    const type = "openstack:networking/subnet:Subnet";
    const zones = [0, 16].map((at) =>
      step({
        op: "same",
        types: ["Network", type],
        name: `network-subnet-az-${at}`,
        inputs: { cidr: `10.0.${at}.0/20` },
      }),
    );
    const [, port] = serverSteps("update", "BrokerCluster", BROKER, "az-1");
    const { boxes } = graph(...zones, port!);
    expect(
      all(boxes)
        .find(({ id }) => id === "zone-az-0")
        ?.children.map(({ title }) => title),
    ).toEqual(["1 broker"]);
  });

  it("is an update where only a part of it is made or removed", () => {
    const [component, port, instance] = serverSteps("same", "BrokerCluster", BROKER, "az-1");
    const [, added] = serverSteps("create", "BrokerCluster", BROKER, "az-1");
    expect(marks(graph(component!, added!, instance!))).toEqual({ "1 broker": { update: 1 } });
    const key = step({
      op: "delete",
      types: ["MessagingBackend", "BrokerCluster", "tls:index/privateKey:PrivateKey"],
      name: `${BROKER}-key`,
    });
    expect(marks(graph(component!, port!, instance!, key))).toEqual({ "1 broker": { update: 1 } });
  });

  it("is a replacement where a cluster's next generation is made and the one before removed", () => {
    const type = "openstack:containerinfra/cluster:Cluster";
    const parent = urnOf(["Cluster"], "cluster-a");
    const generation = (op: string, name: string, nodeCount: number) =>
      step({ op, types: ["Cluster", type], name, parent, inputs: { name: "made-a", nodeCount } });
    const made = graph(generation("delete", "cluster-a", 2), generation("create", "cluster-a-g2", 5));
    expect(marks(made)).toMatchObject({ "Cluster made-a": "replace", "nodes ×5": "replace" });
  });

  it("says the numbers of nodes before and after, of a node group whose cluster is not in the preview, too", () => {
    const made = graph(...groupSteps("update", "a", "gpu", 8, 4));
    expect(find(made, "cluster-a-gpu")?.lines).toEqual(["g1.large", "nodes 4 → 8"]);
    expect(marks(made)).toEqual({ "group gpu ×8": "update" });
    expect(find(made, "cluster-a")?.title).toBe("Cluster a");
  });

  it("is found for workloads on their cluster by the provider that leads there", () => {
    const release = "kubernetes:helm.sh/v3:Release";
    const on = (provider: string) => `urn:pulumi:made::openstack-fabric::pulumi:providers:kubernetes::${provider}::id`;
    const spark = {
      ...step({ op: "create", types: ["SparkPlatform", release], name: "spark-operator" }),
      provider: on("cluster-a-client-provider"),
    };
    const hub = {
      ...step({ op: "replace", types: ["Hub", "ChartRelease", release], name: "hub-chart" }),
      provider: on("analysis"),
    };
    const made = graph(step({ op: "create", types: ["SparkPlatform"], name: "spark" }), spark, hub);
    expect(marks(made)).toEqual({ Spark: "create", JupyterHub: "replace" });
    expect(find(made, "cluster-a")?.children.map(({ title }) => title)).toEqual(["Spark"]);
    expect(find(made, "cluster-elsewhere-analysis")?.children.map(({ title }) => title)).toEqual(["JupyterHub"]);
  });

  it("is counted by kind below the picture where no box stands for it", () => {
    const rule = "openstack:networking/secGroupRule:SecGroupRule";
    const rules = [1, 2].map((at) =>
      step({ op: "create", types: ["MessagingBackend", "BrokerCluster", "SecurityGroup", rule], name: `rule-${at}` }),
    );
    const made = graph(...rules, step({ op: "update", types: ["pulumi:providers:openstack"], name: "cloud" }));
    expect(made.notes[0]).toBe("3 steps belong to no box: 2 security group rules, 1 provider");
  });

  it("says that a preview is not whole where the engine reported errors, but not which: they may quote anything", async () => {
    const { steps } = recordedChange();
    const svg = await drawPreview({ preview: { steps, diagnostics: [{ severity: "error", message: "hunter2" }] } });
    expect(svg).toContain("The engine reported 1 error: this preview is not whole.");
    expect(svg).not.toContain("hunter2");
  });

  it("says that unchanged things are not there where the preview lists none", () => {
    const hidden = "What stays as it is is not in this preview: name the stack, or preview with --show-sames.";
    expect(graph(...serverSteps("update", "BrokerCluster", BROKER, "az-1")).notes).toContain(hidden);
    const stack = (op: string) => step({ op, types: ["pulumi:pulumi:Stack"], name: "openstack-fabric-made" });
    const added = serverSteps("create", "BrokerCluster", BROKER, "az-1");
    expect(graph(...added, stack("same")).notes).toContain(hidden);
    expect(graph(...added, stack("create")).notes).not.toContain(hidden);
    expect(
      graph(...added, stack("same"), ...serverSteps("same", "BrokerCluster", "messaging-broker-02", "az-2")).notes,
    ).toEqual([]);
  });
});
