import { freePorts } from "../workspace/ports";

/** The URL of servers that are addressed themselves, on free ports of the loopback. */
export async function loopbackUrl(scheme: "sim" | "zmq", servers: number, query = ""): Promise<string> {
  const ports = await freePorts(servers);
  return `${scheme}://${ports.map((port) => `127.0.0.1:${port}`).join(",")}/${query && `?${query}`}`;
}
