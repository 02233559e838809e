import { UserError } from "../../components/errors";
import type { StackConfig } from "../../stacks/config/schema";
import type { StackPlan } from "../../stacks/plan";
import { topologyOf } from "./graph";
import { layOut } from "./layout";
import { planInventory } from "./plan/inventory";
import { changeGraph, type PreviewedStack } from "./preview/graph";
import { previewOf } from "./preview/read";
import { renderSvg } from "./svg";

/** A stack's topology as SVG, from its configuration and plan: no cloud is asked, and no secret can get in. */
export async function drawTopology(config: StackConfig, plan: StackPlan, stack: string): Promise<string> {
  const graph = topologyOf(config, plan, stack);
  return renderSvg(graph, await layOut(graph));
}

/** A preview to draw. */
export interface PreviewSource {
  /** What `pulumi preview --json` wrote, parsed. */
  preview: unknown;
  /** Its stack's configuration and plan, where they are at hand: then what stays as it is is drawn, too. */
  planned?: { config: StackConfig; plan: StackPlan; stack: string };
  /** What it was read from, for errors. Default: `the preview`. */
  source?: string;
}

/**
 * A change as SVG, coloured and signed by operation: of one stack, or of several side by side. The SVG can stand in a
 * page of HTML: its names are its own, and its colours follow `data-theme="light"` or `"dark"` of an element around it,
 * else the reader's preference. Of the engine's states only names, numbers, flavors and addresses are read.
 * @throws UserError if something is no preview.
 */
export async function drawPreview(...previews: readonly PreviewSource[]): Promise<string> {
  const stacks = previews.map(previewedStack);
  const graph = changeGraph(stacks);
  return renderSvg(graph, await layOut(graph));
}

function previewedStack({ preview: json, planned, source = "the preview" }: PreviewSource): PreviewedStack {
  const preview = previewOf(json, source);
  if (planned === undefined) return { preview };
  if (planned.stack !== preview.stack)
    throw new UserError(
      `${source} is a preview of stack "${preview.stack}", not of "${planned.stack}". Name that stack, or none.`,
    );
  return { preview, plan: planInventory(planned.config, planned.plan, planned.stack) };
}
