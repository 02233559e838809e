import * as pulumi from "@pulumi/pulumi";

import { configSource, sectionsOf } from "./file";
import { parseConfig } from "./parse";
import type { StackConfig } from "./schema";
import { plainSecrets } from "./secrets";

/** The running stack's configuration, checked. A section that is a secret is never quoted in an error. */
export function loadConfig(): StackConfig {
  const raw = sectionsOf(pulumi.runtime.allConfig());
  const sections = Object.fromEntries(Object.entries(raw).map(([key, text]) => [key, decode(text)]));
  const secret = new Set(Object.keys(sectionsOf(Object.fromEntries(secretKeys().map((key) => [key, true])))));
  const source = configSource(pulumi.getRootDirectory(), pulumi.getStack());
  for (const path of plainSecrets(sections, secret)) {
    void pulumi.log.warn(
      `\`${path}\` is in the clear in ${source.file}, and so it will be in the state. ` +
        `Encrypt it: pulumi config set --secret --path openstack-fabric:${path}`,
    );
  }
  return parseConfig(sections, { ...source, secret });
}

/** The engine hands objects over as JSON, and plain texts as they are. */
function decode(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Keys whose values are encrypted; the engine tells its programs in this variable, and the SDK has no public reader. */
function secretKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
}
