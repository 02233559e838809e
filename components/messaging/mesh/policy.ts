import { ADDRESSES } from "./addresses";

/** The virtual host that policy puts clients into. */
export const CLIENT_VHOST = "openstack";
/** The virtual host of edge routers' uplinks: policy holds for them, too, and without one they come and go. */
export const EDGE_VHOST = "fabric-edges";

/** Addresses of callers, to which replies go; without them every call times out ("link disallowed by local policy"). */
const REPLIES = "amqp:/_topo/#,amqp:/_edge/#";

/** What services may do: send to and receive from the RPC and notification addresses, and nothing else. */
export function clientVhost(): Record<string, unknown> {
  const om = [...new Set(ADDRESSES.map(({ prefix }) => prefix.replace(/\/(multicast|unicast|anycast)$/, "")))];
  const patterns = om.map((prefix) => `${prefix}/#`).join(",");
  return {
    hostname: CLIENT_VHOST,
    // Who may log in is decided by SASL; its database has the services' users only.
    allowUnknownUser: true,
    groups: {
      $default: {
        remoteHosts: "*",
        allowDynamicSource: true,
        allowAnonymousSender: true,
        allowAdminStatusUpdate: false,
        sourcePattern: patterns,
        targetPattern: `${patterns},${REPLIES}`,
      },
    },
  };
}

/** Edge routers, known by certificates of the mesh's own authority, pass everything on. */
export function edgeVhost(): Record<string, unknown> {
  return {
    hostname: EDGE_VHOST,
    allowUnknownUser: true,
    groups: {
      $default: {
        remoteHosts: "*",
        allowDynamicSource: true,
        allowAnonymousSender: true,
        sources: "*",
        targets: "*",
      },
    },
  };
}
