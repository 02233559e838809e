import { z } from "zod";

import { plainSecrets } from "../plainSecrets";
import type { ResourceRule } from "../rule";

const config = z.strictObject({});

/** Refuses secrets that the state would hold in the clear, before the resource is made. */
export const noPlainSecretsInInputs: ResourceRule<z.output<typeof config>> = {
  name: "no-plain-secrets-in-inputs",
  description:
    "No input of a resource, user data first, holds a private key, a URL with a password or a password without being a secret.",
  source: "Pulumi, Secrets; OWASP Secrets Management Cheat Sheet",
  level: "mandatory",
  config,
  check: ({ props }) =>
    plainSecrets(props, "make the value with `pulumi.secret`, or keep it by `pulumi config set --secret`"),
};
