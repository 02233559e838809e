import { existsSync } from "node:fs";
import { request } from "node:http";

import { Provider } from "@pulumi/docker/provider";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../../components/errors";
import type { DockerConfig } from "../config/docker";

/** Where Docker listens if nobody says otherwise. */
const LOCAL_SOCKET = "unix:///var/run/docker.sock";

/** How long Docker may take to answer, in milliseconds. */
const ANSWER_MS = 5_000;

/**
 * Docker's provider. An update is refused where Docker does not answer; a preview goes on with a warning, since it asks
 * Docker for nothing. An engine that is not on this machine's own socket is left to the provider to reach.
 */
export async function openDocker(config: DockerConfig): Promise<Provider> {
  const host = config.host ?? process.env["DOCKER_HOST"] ?? LOCAL_SOCKET;
  const silent = await silence(host);
  if (silent !== undefined && !pulumi.runtime.isDryRun()) {
    throw new UserError(
      `Docker does not answer at ${host} (${silent}). Start it, or set \`docker.host\` or DOCKER_HOST to where it listens.`,
    );
  }
  if (silent !== undefined) {
    void pulumi.log.warn(`Docker does not answer at ${host}: this preview checks no names and no images.`);
  }
  return new Provider("docker", { host, disableDockerDaemonCheck: true });
}

/** Why Docker does not answer on a socket of this machine; nothing where it does. */
async function silence(host: string): Promise<string | undefined> {
  const socketPath = /^unix:\/\/(.+)$/.exec(host)?.[1];
  if (socketPath === undefined) return undefined;
  if (!existsSync(socketPath)) return "there is no such socket";
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/_ping", timeout: ANSWER_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode ?? "unknown"}`);
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
    asked.on("error", (error) => resolve(error.message));
    asked.end();
  });
}
