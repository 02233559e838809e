import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { UserError } from "../components/errors";
import type { NetworkAttachment } from "../components/network/attachment";

const outputSchema = z.object({
  networkId: z.string(),
  zones: z
    .array(
      z.object({
        zone: z.string(),
        cidr: z.string(),
        cidrV6: z.string().optional(),
        subnetId: z.string(),
        subnetIdV6: z.string().optional(),
      }),
    )
    .min(1),
});

/** The network that another stack owns; it is read now, because the plan is made from its ranges. */
export async function readNetwork(stack: string): Promise<NetworkAttachment> {
  const name = stackName(stack);
  const reference = new pulumi.StackReference(name);
  const details = await reference.getOutputDetails("network");
  const parsed = outputSchema.safeParse(details.value);
  if (!parsed.success) {
    throw new UserError(
      `\`reads.network\`: stack "${name}" has no network yet. Run \`pulumi up\` there first, or name the stack that owns it.`,
    );
  }
  return parsed.data;
}

/** A stack's full name; one of this project may be named by its own name alone. */
export function stackName(stack: string): string {
  return stack.includes("/") ? stack : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
}
