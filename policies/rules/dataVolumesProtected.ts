import { z } from "zod";

import { urnParts } from "../../components/urn";
import type { ResourceRule } from "../rule";

/** What holds data that no update can make again. */
const TYPES: readonly string[] = [
  "openstack:blockstorage/volume:Volume",
  "openstack:sharedfilesystem/share:Share",
  "docker:index/volume:Volume",
];

const config = z.strictObject({
  exemptStacks: z
    .array(z.string())
    .default(["sandbox", "local", "dev", "staging"])
    .describe("Stacks whose data may go with them."),
});

/**
 * Refuses data volumes that a mistaken change, or `pulumi destroy`, would delete. Only `protect` is seen: the engine tells
 * policies nothing of `retainOnDelete`.
 */
export const dataVolumesProtected: ResourceRule<z.output<typeof config>> = {
  name: "data-volumes-protected",
  description: "Volumes and shares are protected, so that no update and no `destroy` deletes them.",
  source: "Pulumi, Resource option: protect",
  level: "mandatory",
  config,
  check(resource, { exemptStacks }) {
    const { stack } = urnParts(resource.urn);
    if (!TYPES.includes(resource.type) || resource.protect || exemptStacks.includes(stack)) return [];
    return [
      {
        found: `it is not protected, and \`${stack}\` is no stack that may lose its data`,
        allowed: "`protect: true`",
        fix: "set `cloud.protectVolumes: true` (in this project's stacks) or the resource's `protect`, or name the stack in `exemptStacks`",
      },
    ];
  },
};
