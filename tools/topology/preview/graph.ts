import type { Changes } from "../changes";
import { graphOf } from "../graph";
import type { Inventory } from "../inventory";
import {
  type Bond,
  type Box,
  box,
  counted,
  type Flow,
  type Graph,
  listed,
  type Operation,
  OPERATIONS,
  SIGNS,
} from "../model";
import { changesOf } from "./changes";
import { previewInventory } from "./inventory";
import { keysOf, mergeInventories } from "./merge";
import type { Preview, Step } from "./read";

/** Changed things that are named for those who cannot see the picture. */
const MAX_NAMED = 60;

/** A preview, and what its stack's plan has, where its configuration is at hand. */
export interface PreviewedStack {
  preview: Preview;
  plan?: Inventory;
}

/** The graph of a change: of one stack, or of several side by side. */
export function changeGraph(stacks: readonly PreviewedStack[]): Graph {
  const graphs = stacks.map(oneGraph);
  const operations = summed(graphs.map((graph) => graph.operations ?? {}));
  const title = `Change of ${stacks.length === 1 ? "stack" : "stacks"} ${stacks.map(({ preview }) => preview.stack).join(", ")}`;
  const common = {
    title,
    subtitle: subtitleOf(operations),
    operations,
    notes: graphs.flatMap(({ notes }, at) =>
      notes.map((note) => (graphs.length === 1 ? note : `${stacks[at]?.preview.stack}: ${note}`)),
    ),
    description: listed(
      graphs.flatMap(({ description }) => description),
      MAX_NAMED,
    ),
  };
  const [only, ...others] = graphs;
  if (only !== undefined && others.length === 0) return { ...only, ...common };
  const framed = graphs.map((graph, index) => frame(graph, `${index}/`, stacks[index]?.preview.stack ?? ""));
  return {
    ...common,
    boxes: framed.map((graph) => graph.box),
    flows: framed.flatMap((graph) => graph.flows),
    bonds: framed.flatMap((graph) => graph.bonds),
  };
}

function oneGraph({ preview, plan }: PreviewedStack): Omit<Graph, "title" | "subtitle"> {
  const own = previewInventory(preview);
  const inventory = plan === undefined ? own : mergeInventories(plan, own);
  const { changes, operations, note } = changesOf(preview.steps, keysOf(inventory));
  return {
    ...graphOf(inventory, changes),
    operations,
    notes: [...(note === undefined ? [] : [note]), ...warningsOf(preview, plan === undefined)],
    description: described(changes),
  };
}

/** What the picture cannot show. */
function warningsOf({ steps, errors }: Preview, alone: boolean): string[] {
  const failed = `The engine reported ${counted(errors, "error")}: this preview is not whole.`;
  const isStack = ({ type }: Step) => type === "pulumi:pulumi:Stack";
  const listsWhatStays = steps.some((step) => !isStack(step) && step.operation === undefined);
  // Where the stack itself is made or removed, nothing stays.
  const isWhole = listsWhatStays || steps.some((step) => isStack(step) && step.operation !== undefined);
  const hidden = "What stays as it is is not in this preview: name the stack, or preview with --show-sames.";
  return [...(errors === 0 ? [] : [failed]), ...(alone && !isWhole ? [hidden] : [])];
}

function described(changes: Changes): string[] {
  return [...changes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { operation, reasons }]) => [`${operation} ${key}`, ...reasons].join(", "));
}

function summed(all: readonly Partial<Record<Operation, number>>[]): Partial<Record<Operation, number>> {
  const total: Partial<Record<Operation, number>> = {};
  for (const operation of OPERATIONS) {
    const sum = all.reduce((before, counts) => before + (counts[operation] ?? 0), 0);
    if (sum > 0) total[operation] = sum;
  }
  return total;
}

function subtitleOf(operations: Partial<Record<Operation, number>>): string {
  const parts = OPERATIONS.flatMap((operation) => {
    const count = operations[operation];
    return count === undefined ? [] : [`${SIGNS[operation]} ${count} to ${operation}`];
  });
  return parts.length === 0 ? "nothing changes" : parts.join("  ·  ");
}

/** One stack among several: a frame around it, and ids of its own. */
function frame(graph: Pick<Graph, "boxes" | "flows" | "bonds">, prefix: string, stack: string) {
  const within = (inner: Box): Box => ({
    ...inner,
    id: prefix + inner.id,
    ports: inner.ports?.map((port) => prefix + port),
    children: inner.children.map(within),
  });
  const flow = (line: Flow): Flow => ({
    ...line,
    id: prefix + line.id,
    from: prefix + line.from,
    to: prefix + line.to,
  });
  const bond = (line: Bond): Bond => ({
    ...line,
    id: prefix + line.id,
    ends: line.ends.map((end) => prefix + end),
    to: line.to === undefined ? undefined : prefix + line.to,
    within: prefix + (line.within ?? ""),
  });
  return {
    box: {
      ...box(prefix, "stack", `Stack ${stack}`, [], graph.boxes.map(within)),
      change: { counts: {}, single: true },
    },
    flows: graph.flows.map(flow),
    bonds: graph.bonds.map(bond),
  };
}
