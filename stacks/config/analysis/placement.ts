import { z } from "zod";

/** On which nodes pods run. */
export const placementSchema = z.strictObject({
  nodeGroups: z.array(z.string().min(1)).optional().describe("Node groups of Magnum. Default: every one."),
  roles: z.array(z.string().min(1)).optional().describe("Roles of node groups. Default: every one."),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string().min(1).optional().describe("Taint that is borne. Default: every one, with `Exists`."),
        operator: z.enum(["Equal", "Exists"]).default("Equal").describe("Whether its value counts."),
        value: z.string().optional().describe("Its value, with `Equal`."),
        effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional().describe("Default: every effect."),
      }),
    )
    .optional()
    .describe("Taints that pods bear. Default: none."),
});
