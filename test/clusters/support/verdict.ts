import { UserError } from "../../../components/errors";
import { checkNeeds } from "../../../stacks/cloud/check";
import type { Inventory } from "../../../stacks/cloud/inventory";
import { needsOf } from "../../../stacks/cloud/needs";
import { parseConfig } from "../../../stacks/config/parse";
import { planStack, type StackPlan } from "../../../stacks/plan";
import { RELEASE } from "./draws";

/** What the program says of a clusters layer before it asks the engine for anything. */
export type Verdict = { plan: StackPlan } | { reasons: readonly string[] };

/** Reads, plans and checks a clusters layer against a cloud, as a preview does. */
export function verdictOf(clusters: Record<string, unknown>, cloud: Inventory): Verdict {
  try {
    const sections = { cloud: { release: RELEASE }, clusters: { external: "public", ...clusters } };
    const config = parseConfig(sections, { file: "drawn" });
    const plan = planStack(config, "agreement");
    checkNeeds(needsOf(config, plan), cloud, "test/agreement");
    return { plan };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { reasons: error.findings };
  }
}
