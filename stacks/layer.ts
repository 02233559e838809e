import type { ComponentResourceOptions } from "@pulumi/pulumi";

import type { Cloud } from "./cloud/open";
import type { StackConfig } from "./config/schema";
import type { StackPlan } from "./plan";

/** What every layer is made from. */
export interface Layer {
  /** Who owns the resources: `project/stack`. */
  owner: string;
  config: StackConfig;
  plan: StackPlan;
  cloud: Cloud;
  options: ComponentResourceOptions;
}
