import { z } from "zod";

import { plainSecrets } from "../plainSecrets";
import { isOfTheProgram, type StackRule } from "../rule";

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
      .filter(isOfTheProgram)
      .flatMap((resource) =>
        plainSecrets(resource.props, "export it by `pulumi.secret`").map((finding) => ({ resource, ...finding })),
      ),
};
