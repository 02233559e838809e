import { PORTS } from "../servers/ports";
import { ADDRESSES } from "./addresses";
import { ROUTER_SOFTWARE, type RouterSoftware } from "./implementations";
import type { EdgePlan, RouterLink, RouterPlan } from "./plan";
import { CLIENT_VHOST, clientVhost, EDGE_VHOST, edgeVhost } from "./policy";
import type { RouterImplementation } from "./topology";

type Entity = [string, Record<string, unknown>];

/** Threads of a router: what its image takes by default, and enough for a server of four processors. */
const WORKER_THREADS = 4;

/** In the container, and gone with it: the users are entered anew at each start. */
const SASL_DATABASE = "/tmp/router.sasldb";

/** Every link of the mesh is mutual TLS; the peer is known by its certificate. */
const MUTUAL = { sslProfile: "mesh", requireSsl: true, saslMechanisms: "EXTERNAL", authenticatePeer: true } as const;

/** A router's configuration, as JSON: the routers' `.conf` parser breaks on quotes, `#` and braces in the wrong place. */
export function renderRouterConfig(
  router: RouterPlan | EdgePlan,
  implementation: RouterImplementation = "skupper-router",
): string {
  const software = ROUTER_SOFTWARE[implementation];
  const entities: Entity[] = [
    [
      "router",
      {
        mode: router.mode,
        id: router.hostName,
        workerThreads: WORKER_THREADS,
        saslConfigDir: `${software.dir}/sasl`,
        defaultDistribution: "unavailable",
      },
    ],
    ["sslProfile", sslProfile(software)],
    ...(router.mode === "interior" ? meshListeners() : []),
    ["listener", clientListener()],
    ["listener", healthListener()],
    ...router.links.map((link): Entity => ["connector", connector(router.mode, link)]),
    ...ADDRESSES.map((address): Entity => ["address", { ...address }]),
    ["policy", { enableVhostPolicy: true, defaultVhost: "none" }],
    ["vhost", clientVhost()],
    ...(router.mode === "interior" ? [["vhost", edgeVhost()] as Entity] : []),
  ];
  return JSON.stringify(entities, undefined, 2) + "\n";
}

function sslProfile(software: RouterSoftware): Record<string, unknown> {
  return {
    name: "mesh",
    caCertFile: `${software.dir}/tls/ca.pem`,
    certFile: `${software.dir}/tls/cert.pem`,
    privateKeyFile: `${software.dir}/tls/key.pem`,
    protocols: "TLSv1.2 TLSv1.3",
    // By default a peer's identity is its whole DN, whose commas break lists of users.
    uidFormat: "n",
  };
}

function meshListeners(): Entity[] {
  const any = { host: "0.0.0.0", ...MUTUAL };
  return [
    ["listener", { name: "inter-router", role: "inter-router", port: String(PORTS.interRouter), ...any }],
    ["listener", { name: "edge", role: "edge", port: String(PORTS.edge), policyVhost: EDGE_VHOST, ...any }],
  ];
}

function clientListener(): Record<string, unknown> {
  return {
    name: "clients",
    role: "normal",
    host: "0.0.0.0",
    port: String(PORTS.amqps),
    sslProfile: "mesh",
    requireSsl: true,
    saslMechanisms: "PLAIN",
    authenticatePeer: true,
    policyVhost: CLIENT_VHOST,
  };
}

/**
 * `/healthz` and `/metrics`; no AMQP over WebSockets. Both routers' HTTP listener ignores `host` and listens on every
 * address (`http-libwebsockets.c`: the port alone is handed to libwebsockets), so that it asks for a certificate of the
 * mesh's authority, such as the router's own.
 */
function healthListener(): Record<string, unknown> {
  return {
    name: "health",
    role: "normal",
    host: "0.0.0.0",
    port: String(PORTS.routerHealth),
    http: true,
    healthz: true,
    metrics: true,
    websockets: false,
    sslProfile: "mesh",
    requireSsl: true,
    authenticatePeer: true,
  };
}

function connector(mode: "interior" | "edge", link: RouterLink): Record<string, unknown> {
  const interior = mode === "interior";
  return {
    name: interior ? `link-${link.to}` : `uplink-${link.to}`,
    role: interior ? "inter-router" : "edge",
    host: link.hostName,
    port: String(interior ? PORTS.interRouter : PORTS.edge),
    ...(interior ? { cost: link.cost } : {}),
    sslProfile: "mesh",
    saslMechanisms: "EXTERNAL",
    verifyHostname: true,
  };
}

/**
 * Starts the router: enters the users into its SASL database, then becomes the router. Each is entered twice: a login
 * without a realm is looked up in the realm that Cyrus SASL takes by default (the host's name), one as `user@openstack`
 * in that of the virtual host.
 */
export function renderRouterStart(implementation: RouterImplementation = "skupper-router"): string {
  const { daemon, dir } = ROUTER_SOFTWARE[implementation];
  return `#!/bin/sh
# Enters the clients' users into the SASL database, then becomes the router.
set -eu
enter() { printf '%s' "$password" | saslpasswd2 -c -p -f ${SASL_DATABASE} "$@" "$user"; }
while IFS=: read -r user password; do
  enter
  enter -u ${CLIENT_VHOST}
done < ${dir}/users
exec ${daemon} --config ${dir}/router.json
`;
}

/** Cyrus SASL's settings of the router. */
export function renderSaslConfig(): string {
  return [
    "pwcheck_method: auxprop",
    "auxprop_plugin: sasldb",
    `sasldb_path: ${SASL_DATABASE}`,
    "mech_list: EXTERNAL PLAIN",
    "",
  ].join("\n");
}
