import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { HostFile } from "../../compute/cloudInit";
import { UserError } from "../../errors";
import { besideSource } from "../../sources";

/** Where a store answers, and how a client proves who it is. */
export interface AgentStore {
  kind: "etcd" | "consul";
  /** `https://host:port`, tried in turn. Plain `http` only to the node's own loopback, as a local Consul agent has it. */
  endpoints: readonly string[];
  /** Prefix of all keys, such as `fabric/production`. */
  prefix: string;
  /** Authority of the store's certificates, as PEM. Default: the system's. */
  caPem?: string;
  /** Client certificate, where the store asks for one. */
  client?: { certPem: string; keyPem: string };
  /** etcd's user; needs `read` on the prefix and `readwrite` on `<prefix>/nodes/<host>`. */
  user?: string;
  /** Password of that user, or Consul's ACL token. */
  secret?: string;
}

export interface AgentInput {
  hostName: string;
  store: AgentStore;
  /** Public key (PEM, P-256) of whoever publishes: nothing else is applied. */
  publisherKeyPem: string;
  /** The node's private keys (PEM, P-256). More than one while a key is being replaced. */
  nodeKeyPems: readonly string[];
  /** Services that run here, and the systemd units to reload when a service's files change. */
  services: Readonly<Record<string, { units: readonly string[]; reload?: readonly (readonly string[])[] }>>;
  /** Folders below which files may be written. Default `/etc/`. */
  paths?: readonly string[];
  /** Longest time in seconds between two looks at the pointer; a change is seen at once by the watch. Default 60. */
  pollSeconds?: number;
  /** Write the applied version to `<prefix>/nodes/<host>`, for `status`. Default true. */
  report?: boolean;
}

/** Debian's packages that the agent needs. */
export const AGENT_PACKAGES = ["python3", "python3-jwcrypto"];

/** The agent's unit; what reads distributed files is ordered `After=` it. */
export const AGENT_UNIT = "fabric-config-agent.service";

/** Commands that start it at a first boot. Nothing waits for it here: it is ready only when something is published. */
export const AGENT_COMMANDS: readonly (readonly string[])[] = [
  ["systemctl", "daemon-reload"],
  ["systemctl", "enable", "--now", "--no-block", AGENT_UNIT],
];

const SETTINGS = "/etc/fabric-config-agent";
const PROGRAM = "/usr/local/lib/fabric-config-agent";
const MODULES = ["agent.py", "bundle.py", "stores.py", "tree.py"];

/**
 * The node agent: its program, settings, keys and unit. The node's private key comes by this way (user data, readable
 * by root alone), never through the store.
 */
export function agentFiles(input: AgentInput): HostFile[] {
  checkEndpoints(input.store.endpoints);
  const { store } = input;
  const secretFile = (name: string, content: string | undefined): HostFile[] =>
    content === undefined ? [] : [{ path: `${SETTINGS}/${name}`, content, mode: "0400" }];
  return [
    ...MODULES.map((name) => ({ path: `${PROGRAM}/${name}`, content: agentSource(name) })),
    { path: `${SETTINGS}/agent.json`, content: renderSettings(input) },
    { path: `${SETTINGS}/publisher.pem`, content: input.publisherKeyPem },
    ...input.nodeKeyPems.flatMap((pem, at) => secretFile(`node-${at}.pem`, pem)),
    ...(store.caPem === undefined ? [] : [{ path: `${SETTINGS}/ca.pem`, content: store.caPem }]),
    ...(store.client === undefined ? [] : [{ path: `${SETTINGS}/client.pem`, content: store.client.certPem }]),
    ...secretFile("client-key.pem", store.client?.keyPem),
    ...secretFile("store-secret", store.secret),
    { path: `/etc/systemd/system/${AGENT_UNIT}`, content: renderUnit() },
  ];
}

/** Paths as they are on the node; `directory` is where the settings lie. */
export function renderSettings(input: AgentInput, directory: string = SETTINGS): string {
  const { store } = input;
  const given = (value: unknown, name: string) => (value === undefined ? undefined : `${directory}/${name}`);
  const settings = {
    store: store.kind,
    endpoints: store.endpoints,
    prefix: store.prefix,
    host: input.hostName,
    ca: given(store.caPem, "ca.pem"),
    cert: given(store.client, "client.pem"),
    key: given(store.client, "client-key.pem"),
    user: store.user,
    secretFile: given(store.secret, "store-secret"),
    publisherKey: `${directory}/publisher.pem`,
    nodeKeys: input.nodeKeyPems.map((_, at) => `${directory}/node-${at}.pem`),
    services: Object.fromEntries(Object.entries(input.services).map(([name, service]) => [name, reloadOf(service)])),
    paths: input.paths ?? ["/etc/"],
    pollSeconds: input.pollSeconds ?? 60,
    report: input.report ?? true,
  };
  return JSON.stringify(settings, undefined, 2) + "\n";
}

function reloadOf({ units, reload }: AgentInput["services"][string]) {
  return { reload: reload ?? units.map((unit) => ["systemctl", "reload-or-restart", unit]) };
}

/** Plain HTTP would show the token and let anyone on the way answer; on the node's own loopback nobody is on the way. */
export function checkEndpoints(endpoints: readonly string[]): void {
  for (const endpoint of endpoints) {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
    const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(url?.hostname ?? "");
    if (url?.protocol === "https:" || (url?.protocol === "http:" && loopback)) continue;
    throw new UserError(`A store's endpoint must be https://host:port (http only on loopback), got "${endpoint}".`);
  }
}

function renderUnit(): string {
  return `[Unit]
Description=Configuration files from the store
Wants=network-online.target
After=network-online.target

[Service]
# Ready once a whole set of files is in place: units ordered after this one wait for it at their first boot.
Type=notify
NotifyAccess=main
TimeoutStartSec=infinity
ExecStart=/usr/bin/python3 -B ${PROGRAM}/agent.py
Restart=always
RestartSec=5
StateDirectory=fabric-config
StateDirectoryMode=0755
NoNewPrivileges=yes
PrivateTmp=yes
ProtectHome=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX

[Install]
WantedBy=multi-user.target
`;
}

/** One of the agent's Python modules; compiled programs find them in the sources. */
export function agentSource(name: string): string {
  return readFileSync(join(agentFolder(), name), "utf8");
}

/** The folder of the agent's modules. */
export function agentFolder(): string {
  return besideSource(__dirname, "agent");
}
