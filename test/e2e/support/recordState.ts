import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import type { CloudClient } from "../../../components/cloud/client";
import { sandboxCommand, sandboxEnv } from "../../../tools/sandbox/openstack";
import { connectCloud } from "../../../tools/workspace/cloud";
import { CHECKOUT, failOn, pulumi } from "../../../tools/workspace/workspace";
import { openUpgrade, RECORDED } from "./recorded";

// Records the state that this version leaves, for versions to come: run it once for each version, before its release.
// sandbox/toolchain/toolchain run -- node dist/test/e2e/support/recordState.js

const SANDBOX = "record";

async function main(): Promise<void> {
  await sandboxCommand(SANDBOX, "up", "--fresh");
  try {
    await record(await sandboxEnv(SANDBOX));
  } finally {
    await sandboxCommand(SANDBOX, "down", "--delete");
  }
}

async function record(cloud: Record<string, string>): Promise<void> {
  const client = await connectCloud({ dir: "", stack: "", env: cloud });
  const dir = mkdtempSync(join(tmpdir(), "fabric-record-"));
  const ids = {
    external: await idOf(client, "network", "networks", "public"),
    image: await idOf(client, "image", "images", "debian-12"),
  };
  const workspace = await openUpgrade(dir, { ids, provider: { cloud: "sandbox" } }, cloud);
  failOn(await pulumi(workspace, ["up", "--yes", "--skip-preview"], { stdio: "inherit" }), "pulumi up");
  const state = await pulumi(workspace, ["stack", "export"]);
  failOn(state, "pulumi stack export");
  const { version } = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as { version: string };
  writeFileSync(
    join(RECORDED, `${version}.json`),
    `${JSON.stringify(compact(JSON.parse(String(state.stdout)) as State))}\n`,
  );
  rmSync(dir, { recursive: true });
}

interface State {
  deployment: { resources: Record<string, unknown>[] };
}

/** Without where in a program and when a resource was made: nothing is decided by it. */
function compact({ deployment, ...state }: State): State {
  const resources = deployment.resources.map(({ sourcePosition, stackTrace, created, modified, ...rest }) => rest);
  return { ...state, deployment: { ...deployment, resources } };
}

async function idOf(client: CloudClient, service: "network" | "image", list: string, name: string): Promise<string> {
  const shape = z.object({ [list]: z.array(z.object({ id: z.string() })).min(1) });
  const answer = await client.get(service, `/${list}?name=${name}`, shape);
  return answer[list]?.[0]?.id ?? "";
}

void main();
