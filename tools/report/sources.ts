import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../components/errors";
import { configSource } from "../../stacks/config/file";
import { ownStack } from "../workspace/own";
import { withProgress } from "../workspace/progress";
import { pulumi } from "../workspace/workspace";
import { type Preview, readPreview } from "./preview";

/** Reads a file that an option names. */
export function readGiven(file: string, option: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `\`${option}\`: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Previews a stack under the caller's own environment; nothing is changed. */
export async function previewStack(stack: string, dir?: string): Promise<Preview> {
  const workspace = ownStack(stack, dir);
  const { file } = configSource(workspace.dir, stack);
  if (!existsSync(join(workspace.dir, file))) throw new UserError(`There is no ${file} in ${workspace.dir}.`);
  const result = await withProgress(`previewing ${stack}`, () => pulumi(workspace, ["preview", "--json"]));
  const text = String(result.stdout);
  const source = `pulumi preview -s ${stack}`;
  if (text.trim() === "") throw new UserError(`${source} failed: ${String(result.stderr).trim()}`);
  return readPreview(stack, text, source);
}
