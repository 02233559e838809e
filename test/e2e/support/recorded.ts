import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { CHECKOUT, ensureStack, openWorkspace, type Workspace } from "../../../tools/workspace/workspace";

/** States as former versions of the package left them, by version. */
export const RECORDED = join(CHECKOUT, "test/fixtures/states");

/** Under this the secrets of recorded states are encrypted; what they open is long gone. */
const PASSPHRASE = "recorded";

/** The stack of the program that states are recorded of; it is in every URN. */
const STACK = "upgrade";

/** What the program is told. */
export interface UpgradeConfig {
  ids: { external: string; image: string };
  /** Arguments of the OpenStack provider. */
  provider: Record<string, string>;
  renamed?: "with-alias" | "without-alias";
}

/** Makes a workspace of the program `upgrade`, whose stack is empty. */
export async function openUpgrade(
  dir: string,
  config: UpgradeConfig,
  cloud: Record<string, string>,
): Promise<Workspace> {
  mkdirSync(dir, { recursive: true });
  if (!existsSync(join(dir, "passphrase"))) writeFileSync(join(dir, "passphrase"), PASSPHRASE);
  const workspace = openWorkspace({ dir, stack: STACK, config: configOf(config), cloud });
  const file = join(dir, "Pulumi.yaml");
  const project = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const main = join(CHECKOUT, "dist/test/e2e/programs/upgrade/index.js");
  writeFileSync(file, stringify({ ...project, main }));
  await ensureStack(workspace);
  return workspace;
}

function configOf(config: UpgradeConfig): string {
  const sections = Object.entries(config).map(([key, value]) => [`openstack-fabric:${key}`, value as unknown]);
  return stringify({ config: Object.fromEntries(sections) as unknown });
}
