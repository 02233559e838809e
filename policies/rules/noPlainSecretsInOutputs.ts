import { z } from "zod";

import { plainSecrets } from "../plainSecrets";
import type { StackResource, StackRule } from "../rule";

const config = z.strictObject({});

/** Refuses outputs of the stack and its components that show a secret to whoever can read them. */
export const noPlainSecretsInOutputs: StackRule<z.output<typeof config>> = {
  name: "no-plain-secrets-in-outputs",
  description:
    "No output of the stack or of a component holds a private key, a URL with a password or a password without being a secret.",
  source: "Pulumi, Secrets and Stack outputs",
  level: "mandatory",
  config,
  checkStack: (resources) =>
    resources
      .filter(hasOutputsOfTheProgram)
      .flatMap((resource) =>
        plainSecrets(resource.props, "export it by `pulumi.secret`").map((finding) => ({ resource, ...finding })),
      ),
};

/** Resources of providers are left out: what a provider gives back is judged where a program hands it on. */
function hasOutputsOfTheProgram({ type }: StackResource): boolean {
  return type === "pulumi:pulumi:Stack" || type.startsWith("openstack-fabric:");
}
