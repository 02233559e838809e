import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { CHECKOUT, engineOptions, failOn, type Workspace } from "../../../tools/workspace/workspace";

/** Copies an example out of the checkout, so that it finds nothing there; its stack's name is the prefix in the cloud. */
export function copyExample(example: string, stack: string, cloud: Readonly<Record<string, string>>): Workspace {
  const root = mkdtempSync(join(tmpdir(), `fabric-${example}-`));
  const dir = join(root, "program");
  cpSync(join(CHECKOUT, "examples", example), dir, { recursive: true });
  mkdirSync(join(root, "state"), { mode: 0o700 });
  const env = {
    PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "example",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    ...cloud,
  };
  return { dir, stack, env };
}

/** Packs the checkout as npm would publish it; gives the tarball's path. */
export async function packPackage(folder: string): Promise<string> {
  await execa("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: CHECKOUT });
  const [tarball] = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error(`npm packed nothing into ${folder}`);
  return join(folder, tarball);
}

/**
 * Installs the packed package beside an example of another language and adds its plugin to the program, as
 * `pulumi package add` does: its SDK is generated, and noted among the program's requirements.
 */
export async function addPlugin(program: Workspace): Promise<void> {
  const folder = join(program.dir, "..", "package");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), "{}");
  const tarball = await packPackage(join(program.dir, ".."));
  await execa("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball], { cwd: folder });
  const plugin = join(folder, "node_modules/openstack-fabric/plugin");
  failOn(await execa("pulumi", ["package", "add", plugin], engineOptions(program)), "pulumi package add");
}

/** Installs the packed package, and everything else that the example asks for, into the example's folder. */
export async function installInto({ dir }: Workspace): Promise<void> {
  const tarball = await packPackage(join(dir, ".."));
  await execa("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball], { cwd: dir });
}
