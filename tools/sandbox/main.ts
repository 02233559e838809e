import { Command } from "commander";

import { down } from "./down";
import { sandboxCommand, sandboxEnv } from "./openstack";
import { hasStack, SANDBOX_NAME, sandboxWorkspace, STACK } from "./stack";
import { up } from "./up";

const program = new Command("sandbox").description("The stack `sandbox` on the embedded OpenStack.");
program.command("up").description("start the embedded OpenStack and deploy the stack").action(up);
program.command("down").description("destroy the stack, stop the embedded OpenStack, show that nothing is left").action(down);
program.command("status").description("what runs, and whether the stack is there").action(status);
program.command("env").description("shell exports for using pulumi and openstack by hand").action(env);

async function status(): Promise<void> {
  await sandboxCommand(SANDBOX_NAME, "status");
  console.log(hasStack() ? `Stack "${STACK}" is there; \`make down\` removes it.` : `Stack "${STACK}" is not there; \`make up\` deploys it.`);
}

async function env(): Promise<void> {
  const variables = hasStack() ? (await sandboxWorkspace()).env : await sandboxEnv(SANDBOX_NAME);
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  for (const [key, value] of Object.entries(variables)) console.log(`export ${key}=${quoted(value)}`);
}

program.parseAsync().catch((error: unknown) => {
  // What went wrong is in the message; FABRIC_DEBUG shows where.
  console.error(process.env["FABRIC_DEBUG"] === undefined && error instanceof Error ? `error: ${error.message}` : error);
  process.exitCode = 1;
});
