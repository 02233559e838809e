import { once } from "node:events";
import { createServer } from "node:net";

/** Ports of the loopback that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** The URL of servers that are addressed themselves, on free ports of the loopback. */
export async function loopbackUrl(scheme: "sim" | "zmq", servers: number, query = ""): Promise<string> {
  const ports = await freePorts(servers);
  return `${scheme}://${ports.map((port) => `127.0.0.1:${port}`).join(",")}/${query && `?${query}`}`;
}
