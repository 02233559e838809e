import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { CHECKOUT } from "../tools/workspace/workspace";

/** A Pulumi project around one program of the benchmarks. */
export interface BenchProject {
  dir: string;
  env: Record<string, string>;
}

/** Makes a project whose program is compiled JavaScript, or TypeScript by ts-node as Pulumi does it by default. */
export async function makeProject(kind: "compiled" | "ts-node"): Promise<BenchProject> {
  const dir = mkdtempSync(join(tmpdir(), "fabric-bench-"));
  const program =
    kind === "compiled"
      ? join(CHECKOUT, "dist/bench/programs/networks.js")
      : join(CHECKOUT, "bench/programs/networks.ts");
  const main = kind === "compiled" ? "index.js" : "index.ts";
  writeFileSync(join(dir, main), `require(${JSON.stringify(program)});\n`);
  writeFileSync(
    join(dir, "package.json"),
    JSON.stringify({ name: "bench", main, dependencies: { "@pulumi/pulumi": "*", "@pulumi/openstack": "*" } }),
  );
  writeFileSync(
    join(dir, "Pulumi.yaml"),
    `name: bench\nruntime:\n  name: nodejs\n  options:\n    typescript: ${kind === "ts-node"}\n${kind === "ts-node" ? "" : "    nodeargs: --stack-trace-limit=0\n"}`,
  );
  if (kind === "ts-node")
    writeFileSync(
      join(dir, "tsconfig.json"),
      `{ "extends": ${JSON.stringify(join(CHECKOUT, "tsconfig.json"))}, "compilerOptions": { "rootDir": "/" } }\n`,
    );
  symlinkSync(join(CHECKOUT, "node_modules"), join(dir, "node_modules"));
  const env = { PULUMI_BACKEND_URL: `file://${dir}`, PULUMI_CONFIG_PASSPHRASE: "bench", PULUMI_SKIP_UPDATE_CHECK: "1" };
  await execa("pulumi", ["stack", "init", "bench", "--non-interactive"], { cwd: dir, env });
  return { dir, env };
}
