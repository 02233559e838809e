import type { StackConfig } from "../../stacks/config/schema";
import type { StackPlan } from "../../stacks/plan";
import { topologyOf } from "./graph";
import { layOut } from "./layout";
import { renderSvg } from "./svg";

/** A stack's topology as SVG, from its configuration and plan: no cloud is asked, and no secret can get in. */
export async function drawTopology(config: StackConfig, plan: StackPlan, stack: string): Promise<string> {
  const graph = topologyOf(config, plan, stack);
  return renderSvg(graph, await layOut(graph));
}
