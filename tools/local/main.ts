import { existsSync } from "node:fs";
import { join } from "node:path";

import { Command } from "commander";

import { CHECKOUT, ensureStack, failOn, openWorkspace, pulumi, removeWorkspace } from "../workspace/workspace";

const STACK = "local";

/** Folder of the stack's state, out of the tracked files. */
const DIR = join(CHECKOUT, ".stacks", STACK);

const workspace = () => openWorkspace({ dir: DIR, stack: STACK, cloud: {} });

/** Deploys the stack on the Docker that DOCKER_HOST, or the local socket, leads to. */
async function up(): Promise<void> {
  const local = workspace();
  await ensureStack(local);
  failOn(await pulumi(local, ["up", "--yes", "--skip-preview"], { stdio: "inherit" }), "pulumi up");
  console.log(
    `\`pulumi -C .stacks/${STACK} stack output --show-secrets\` shows the transport URLs; \`make local-down\` takes everything away.`,
  );
}

async function down(): Promise<void> {
  if (!existsSync(join(DIR, "state", ".pulumi"))) return console.log("There is no stack to destroy.");
  const local = workspace();
  failOn(await pulumi(local, ["destroy", "--yes", "--skip-preview"], { stdio: "inherit" }), "pulumi destroy");
  removeWorkspace(local);
}

const program = new Command("local").description("The stack `local` on this machine's Docker.");
program.command("up").description("deploy the stack").action(up);
program.command("down").description("destroy the stack").action(down);
program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? `error: ${error.message}` : error);
  process.exitCode = 1;
});
