import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { DockerHost } from "./DockerHost";

/** Passes connections to a Unix socket on to a port of loopback; runs in the engine's network namespace. */
const INSIDE = `
  const { connect, createServer } = require("node:net");
  const [, path, port] = process.argv;
  createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    for (const [from, to] of [[near, far], [far, near]]) from.on("error", () => to.destroy()).pipe(to);
  }).listen(path);
`;

/** A port of this machine's loopback that leads to one of a Docker host's own. */
export interface PortRelay {
  port: number;
  stop(): void;
}

/** Makes a port of a Docker host's network namespace reachable from here, as it is: TLS goes through. */
export async function relayPort(host: DockerHost, port: number): Promise<PortRelay> {
  const folder = mkdtempSync(join(tmpdir(), "fabric-relay-"));
  const path = join(folder, "relay.sock");
  const inside = host.startOnHost(process.execPath, "-e", INSIDE, path, String(port));
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(path);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on("error", () => to.destroy()).on("close", () => open.delete(from));
      from.pipe(to);
    }
  });
  const stop = () => {
    inside.kill();
    server.close();
    for (const socket of open) socket.destroy();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + 60_000; !existsSync(path); await sleep(50)) {
    if (Date.now() < end && inside.exitCode === null) continue;
    stop();
    throw new Error("the relay into the engine's network namespace did not start");
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, stop };
}
