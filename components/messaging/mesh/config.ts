import { PORTS } from "../servers/ports";
import type { RouterPlan } from "./plan";

/** Where a router's files lie on the server and, mounted read-only, in the container. */
export const ROUTER_DIR = "/etc/skupper-router";

/** The virtual host that policy puts clients into. */
export const CLIENT_VHOST = "openstack";

type Entity = [string, Record<string, unknown>];

/**
 * Addresses of oslo.messaging's AMQP 1.0 driver and how each is distributed. Source: oslo.messaging 14.9,
 * `impl_amqp1` and its documentation: multicast reaches all, unicast the closest, anycast is balanced.
 */
const ADDRESSES: readonly (readonly [string, string])[] = ["rpc", "notify"].flatMap((kind) => [
  [`openstack.org/om/${kind}/multicast`, "multicast"] as const,
  [`openstack.org/om/${kind}/unicast`, "closest"] as const,
  [`openstack.org/om/${kind}/anycast`, "balanced"] as const,
]);

/** Configuration of one interior router, as JSON: skupper-router's `.conf` parser breaks on quotes and `#`. */
export function renderRouterConfig(router: RouterPlan): string {
  const entities: Entity[] = [
    [
      "router",
      {
        mode: "interior",
        id: router.hostName,
        saslConfigDir: `${ROUTER_DIR}/sasl`,
        defaultDistribution: "unavailable",
      },
    ],
    ["sslProfile", sslProfile()],
    ...listeners(),
    ...router.links.map((link): Entity => [
      "connector",
      {
        name: `link-${link.to}`,
        role: "inter-router",
        host: link.hostName,
        port: String(PORTS.interRouter),
        cost: link.cost,
        sslProfile: "mesh",
        saslMechanisms: "EXTERNAL",
        verifyHostname: true,
      },
    ]),
    ...ADDRESSES.map(([prefix, distribution]): Entity => ["address", { prefix, distribution }]),
    ["policy", { enableVhostPolicy: true, defaultVhost: "none" }],
    ["vhost", clientVhost()],
  ];
  return JSON.stringify(entities, undefined, 2) + "\n";
}

function sslProfile(): Record<string, unknown> {
  return {
    name: "mesh",
    caCertFile: `${ROUTER_DIR}/tls/ca.pem`,
    certFile: `${ROUTER_DIR}/tls/cert.pem`,
    privateKeyFile: `${ROUTER_DIR}/tls/key.pem`,
    protocols: "TLSv1.2 TLSv1.3",
    // By default a peer's identity is its whole DN, whose commas break lists of users.
    uidFormat: "n",
  };
}

function listeners(): Entity[] {
  const mutual = { sslProfile: "mesh", requireSsl: true, saslMechanisms: "EXTERNAL", authenticatePeer: true };
  return [
    [
      "listener",
      { name: "inter-router", role: "inter-router", host: "0.0.0.0", port: String(PORTS.interRouter), ...mutual },
    ],
    ["listener", { name: "edge", role: "edge", host: "0.0.0.0", port: String(PORTS.edge), ...mutual }],
    [
      "listener",
      {
        name: "clients",
        role: "normal",
        host: "0.0.0.0",
        port: String(PORTS.amqps),
        sslProfile: "mesh",
        requireSsl: true,
        saslMechanisms: "PLAIN",
        authenticatePeer: true,
        policyVhost: CLIENT_VHOST,
      },
    ],
  ];
}

function clientVhost(): Record<string, unknown> {
  return {
    hostname: CLIENT_VHOST,
    allowUnknownUser: true,
    groups: {
      $default: {
        remoteHosts: "*",
        allowDynamicSource: true,
        allowAnonymousSender: true,
        sourcePattern: "openstack.org/om/#",
        // Replies go to the callers' dynamic addresses; without these every call times out.
        targetPattern: "openstack.org/om/#,amqp:/_topo/#,amqp:/_edge/#",
      },
    },
  };
}

/** Starts the router: enters the users into its SASL database, then becomes the router. */
export function renderRouterStart(): string {
  return `#!/bin/sh
# Enters the clients' users into the SASL database, then becomes the router.
set -eu
while IFS=: read -r user password; do
  printf '%s' "$password" | saslpasswd2 -c -p -f /tmp/router.sasldb -u ${CLIENT_VHOST} "$user"
done < ${ROUTER_DIR}/users
exec skrouterd --config ${ROUTER_DIR}/router.json
`;
}

/** Cyrus SASL's settings of the router. */
export function renderSaslConfig(): string {
  return [
    "pwcheck_method: auxprop",
    "auxprop_plugin: sasldb",
    "sasldb_path: /tmp/router.sasldb",
    "mech_list: EXTERNAL PLAIN",
    "",
  ].join("\n");
}
