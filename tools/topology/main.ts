import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { Command } from "commander";

import { UserError } from "../../components/errors";
import { drawPreview, drawTopology } from "./draw";
import { plannedStack } from "./planned";
import { parsePreview } from "./preview/read";
import { stalePictures, writePictures } from "./shipped";

interface Options {
  preview?: string[];
  output?: string;
  docs?: boolean;
  check?: boolean;
}

async function main(stack: string | undefined, options: Options): Promise<void> {
  if (options.check === true) return check();
  if (options.docs === true) return writePictures();
  const svg = await draw(stack, options.preview ?? []);
  if (options.output === undefined) {
    process.stdout.write(svg);
    return;
  }
  mkdirSync(dirname(options.output), { recursive: true });
  writeFileSync(options.output, svg);
}

async function draw(stack: string | undefined, files: readonly string[]): Promise<string> {
  const planned = stack === undefined ? undefined : plannedStack(stack);
  if (files.length > 0) {
    const previews = files.map((file) => ({ preview: parsePreview(read(file), file), source: file }));
    return drawPreview(
      ...previews.map((preview) => ({ ...preview, planned: planned && { ...planned, stack: stack ?? "" } })),
    );
  }
  if (planned !== undefined && stack !== undefined) return drawTopology(planned.config, planned.plan, stack);
  throw new UserError("Nothing to draw: name a stack, or give a preview by `--preview FILE`.");
}

function read(file: string): string {
  if (existsSync(file)) return readFileSync(file, "utf8");
  throw new UserError(`There is no ${file}. Write it by \`pulumi preview --json > ${file}\`.`);
}

async function check(): Promise<void> {
  const stale = await stalePictures();
  if (stale.length > 0) throw new UserError(`Not what the tool draws now: ${stale.join(", ")}. Run \`make docs\`.`);
}

new Command("topology")
  .description("Draws a stack of this checkout, or a change of it, as SVG. No cloud is asked.")
  .argument("[stack]", "the stack, such as production; needed without --preview")
  .option("-p, --preview <file...>", "what `pulumi preview --json` wrote: draws the change")
  .option("-o, --output <file>", "file to write (default: standard output)")
  .option("--docs", "writes the pictures of docs/")
  .option("--check", "writes nothing; exit 1 if a picture of docs/ is stale")
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    // A user's mistake is its message alone; anything else is ours, and its stack is wanted.
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });
