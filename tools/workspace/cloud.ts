import { type CloudClient, connect } from "../../components/cloud/client";
import { findCredentials } from "../../components/cloud/credentials";
import { CHECKOUT, type Workspace } from "./workspace";

/** Logs in to the cloud that a workspace deploys to. */
export async function connectCloud(workspace: Workspace): Promise<CloudClient> {
  const credentials = findCredentials(undefined, workspace.env, CHECKOUT);
  if (credentials === undefined) throw new Error("the workspace leads to no cloud");
  return connect(credentials);
}
