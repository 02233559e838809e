import { resolve } from "node:path";

import { type CloudClient, connect } from "../../components/cloud/client";
import { findCredentials } from "../../components/cloud/credentials";
import { UserError } from "../../components/errors";
import { CHECKOUT, type Workspace } from "./workspace";

/** A stack under the user's own environment: its state, its passphrase, its cloud. Default: of the checkout itself. */
export function ownStack(stack: string, dir = CHECKOUT): Workspace {
  const env = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { dir: resolve(dir), stack, env: Object.fromEntries(env) };
}

/** Logs in to the cloud that a stack's configuration names, or the environment. */
export async function connectTo(cloud: string | undefined, workspace: Workspace): Promise<CloudClient> {
  const credentials = findCredentials(cloud, workspace.env, workspace.dir);
  if (credentials !== undefined) return connect(credentials);
  throw new UserError(
    "No cloud is configured. Set OS_CLOUD (an entry of clouds.yaml) or the OS_* variables, or `cloud.name` in the stack's configuration.",
  );
}
