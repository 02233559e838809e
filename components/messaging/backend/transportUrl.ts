import { PORTS } from "../servers/ports";

export interface TransportEndpoint {
  /** `rabbit` (AMQP 0-9-1) or `amqp` (AMQP 1.0): the names of oslo.messaging's drivers. */
  driver: "rabbit" | "amqp";
  hosts: readonly string[];
  user: string;
  password: string;
  /** Virtual host, without the slash. */
  vhost: string;
}

/**
 * oslo.messaging's `transport_url` over several hosts: `rabbit://user:secret@a:5671,user:secret@b:5671/vhost`.
 * TLS is switched on by the driver's own section (`ssl = true`), not by the URL.
 */
export function transportUrl(endpoint: TransportEndpoint): string {
  const login = `${encodeURIComponent(endpoint.user)}:${encodeURIComponent(endpoint.password)}`;
  const hosts = endpoint.hosts.map((host) => `${login}@${host}:${PORTS.amqps}`).join(",");
  return `${endpoint.driver}://${hosts}/${encodeURIComponent(endpoint.vhost)}`;
}
