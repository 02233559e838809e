import type { DriverName } from "./drivers";

export interface TransportEndpoint {
  /** oslo.messaging's driver. */
  driver: DriverName;
  /** `host:port` of every server. */
  endpoints: readonly string[];
  user: string;
  password: string;
  /** Virtual host, without the slash. */
  vhost: string;
}

/** Schemes that differ from their driver's name: ZeroMQ finds its peers in Redis. */
const SCHEMES: Partial<Record<DriverName, string>> = { zmq: "zmq+redis" };

/** Drivers without virtual hosts. */
const NO_VHOST: readonly DriverName[] = ["kafka", "zmq"];

/**
 * oslo.messaging's `transport_url` over several hosts: `rabbit://user:secret@a:5671,user:secret@b:5671/vhost`.
 * TLS is switched on by the driver's own section (`ssl = true`), not by the URL.
 */
export function transportUrl({ driver, endpoints, user, password, vhost }: TransportEndpoint): string {
  // Redis has a password only.
  const login = `${driver === "zmq" ? "" : encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const hosts = endpoints.map((endpoint) => `${login}@${endpoint}`).join(",");
  return `${SCHEMES[driver] ?? driver}://${hosts}/${NO_VHOST.includes(driver) ? "" : encodeURIComponent(vhost)}`;
}
