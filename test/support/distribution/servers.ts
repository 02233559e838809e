import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa, execaSync, type ResultPromise } from "execa";
import { Agent, fetch } from "undici";

import { freePorts } from "../../../tools/workspace/ports";
import type { TestCertificates } from "./certificates";

const TOOLCHAIN = resolve("sandbox/toolchain/toolchain");
const START_MS = 60_000;

/** A real store on loopback, with TLS, client certificates, and access control. */
export interface TestStore {
  kind: "etcd" | "consul";
  endpoint: string;
  certificates: TestCertificates;
  /** May write the prefix. */
  publisher: Access;
  /** May read the prefix, and write its own report. */
  node: Access;
  /** Everything below a prefix as the store itself holds it: keys and values in one text. */
  dump(): Promise<string>;
  /** Values by key. */
  list(prefix: string): Promise<Map<string, string>>;
  put(key: string, value: string): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Access {
  user?: string;
  secret: string;
}

/** The one that the command line and the agents are given; nothing else may be touched. */
const PREFIX = "fabric/test";
const ADMIN = "admin-secret-of-the-test";

/** The program, found or built by the toolchain. */
async function toolPath(tool: string): Promise<string> {
  await execa(TOOLCHAIN, ["ensure", tool], { timeout: 1_500_000 });
  return join(statusOf(tool)?.path ?? "", "bin", tool);
}

/** Whether the toolchain has a program already. */
export function isBuilt(tool: string): boolean {
  return statusOf(tool)?.source === "cache";
}

function statusOf(tool: string): { source: string; path: string } | undefined {
  const { stdout } = execaSync(TOOLCHAIN, ["status", "--json"]);
  return (JSON.parse(stdout) as Record<string, { source: string; path: string }>)[tool];
}

type Ask = (method: string, path: string, body?: string, headers?: Record<string, string>) => Promise<string>;

function askWith(endpoint: string, { ca, client }: TestCertificates): Ask {
  const [caPem, cert, key] = [ca, client.cert, client.key].map((path) => readFileSync(path, "utf8"));
  const dispatcher = new Agent({ connect: { ca: caPem, cert, key } });
  return async (method, path, body, headers) => {
    const response = await fetch(`${endpoint}${path}`, { method, body, headers, dispatcher });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
}

async function untilAnswers(ask: () => Promise<unknown>, what: string): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (Date.now() > until) throw new Error(`${what} does not answer`, { cause: error });
      await sleep(100);
    }
  }
}

/** Starts and stops one program; each start is a process of its own on the same data. */
function processOf(command: string, args: string[], log: string, ready: () => Promise<void>) {
  let child: ResultPromise | undefined;
  return {
    async start() {
      child = execa(command, args, { reject: false, stdout: { file: log }, stderr: { file: log }, cleanup: true });
      await ready();
    },
    async stop() {
      child?.kill("SIGTERM", new Error("stopped by the test"));
      await child;
      child = undefined;
    },
  };
}

export async function startEtcd(dir: string, certificates: TestCertificates): Promise<TestStore> {
  const command = await toolPath("etcd");
  const [client, peer] = await freePorts(2);
  const endpoint = `https://127.0.0.1:${client}`;
  const { server, ca } = certificates;
  const args = [
    ...["--name", "test", "--data-dir", join(dir, "etcd"), "--log-level", "error", "--unsafe-no-fsync"],
    ...["--listen-client-urls", endpoint, "--advertise-client-urls", endpoint],
    ...["--listen-peer-urls", `http://127.0.0.1:${peer}`, "--initial-advertise-peer-urls", `http://127.0.0.1:${peer}`],
    ...["--initial-cluster", `test=http://127.0.0.1:${peer}`],
    ...["--cert-file", server.cert, "--key-file", server.key, "--client-cert-auth", "--trusted-ca-file", ca],
  ];
  const ask = askWith(endpoint, certificates);
  const post = (path: string, body: unknown, token?: string) =>
    ask("POST", path, JSON.stringify(body), token === undefined ? {} : { authorization: token });
  const login = async () => {
    const answer = await post("/v3/auth/authenticate", { name: "root", password: ADMIN });
    return (JSON.parse(answer) as { token: string }).token;
  };
  const program = processOf(command, args, join(dir, "etcd.log"), () =>
    untilAnswers(() => ask("GET", "/health"), "etcd"),
  );
  await program.start();
  await setUpEtcd(post);
  const list = async (prefix: string) => {
    const body = { key: base64(prefix), range_end: base64(prefix.slice(0, -1) + next(prefix)) };
    const { kvs = [] } = JSON.parse(await post("/v3/kv/range", body, await login())) as {
      kvs?: { key: string; value?: string }[];
    };
    return new Map(kvs.map(({ key, value = "" }) => [plain(key), plain(value)]));
  };
  return {
    kind: "etcd",
    endpoint,
    certificates,
    publisher: { user: "publisher", secret: "publisher-password" },
    node: { user: "node", secret: "node-password" },
    list,
    dump: async () => [...(await list("!"))].flat().join("\n") + [...(await list("fabric"))].flat().join("\n"),
    put: async (key, value) => {
      await post("/v3/kv/put", { key: base64(key), value: base64(value) }, await login());
    },
    ...program,
  };
}

async function setUpEtcd(post: (path: string, body: unknown) => Promise<string>): Promise<void> {
  const grant = (role: string, key: string, permType: string) =>
    post("/v3/auth/role/grant", {
      name: role,
      perm: { permType, key: base64(key), range_end: base64(key.slice(0, -1) + next(key)) },
    });
  for (const [user, password] of [
    ["root", ADMIN],
    ["publisher", "publisher-password"],
    ["node", "node-password"],
  ]) {
    await post("/v3/auth/user/add", { name: user, password });
    await post("/v3/auth/role/add", { name: user });
    await post("/v3/auth/user/grant", { user, role: user });
  }
  await grant("publisher", `${PREFIX}/`, "READWRITE");
  await grant("node", `${PREFIX}/`, "READ");
  await grant("node", `${PREFIX}/nodes/`, "READWRITE");
  await post("/v3/auth/enable", {});
}

export async function startConsul(dir: string, certificates: TestCertificates): Promise<TestStore> {
  const command = await toolPath("consul");
  const [https, serf, server] = await freePorts(3);
  const endpoint = `https://127.0.0.1:${https}`;
  mkdirSync(join(dir, "consul"));
  const settings = {
    server: true,
    bootstrap_expect: 1,
    node_name: "test",
    bind_addr: "127.0.0.1",
    client_addr: "127.0.0.1",
    data_dir: join(dir, "consul"),
    log_level: "warn",
    disable_update_check: true,
    performance: { raft_multiplier: 1 },
    ports: { https, serf_lan: serf, server, http: -1, dns: -1, serf_wan: -1, grpc: -1, grpc_tls: -1 },
    connect: { enabled: false },
    tls: {
      https: {
        ca_file: certificates.ca,
        cert_file: certificates.server.cert,
        key_file: certificates.server.key,
        verify_incoming: true,
      },
    },
    acl: { enabled: true, default_policy: "deny", tokens: { initial_management: uuid(1), agent: uuid(1) } },
  };
  const config = join(dir, "consul.json");
  writeFileSync(config, JSON.stringify(settings));
  const ask = askWith(endpoint, certificates);
  const admin = (method: string, path: string, body?: string) => ask(method, path, body, { "x-consul-token": uuid(1) });
  const program = processOf(command, ["agent", "-config-file", config], join(dir, "consul.log"), () =>
    untilAnswers(() => admin("PUT", "/v1/kv/test/ready", "yes"), "consul"),
  );
  await program.start();
  await untilAnswers(() => setUpConsul(admin), "consul's ACLs");
  const list = async (prefix: string) => {
    const found = JSON.parse(await admin("GET", `/v1/kv/${prefix}?recurse&consistent`).catch(() => "[]")) as {
      Key: string;
      Value: string | null;
    }[];
    return new Map(found.map(({ Key, Value }) => [Key, plain(Value ?? "")]));
  };
  return {
    kind: "consul",
    endpoint,
    certificates,
    publisher: { secret: uuid(2) },
    node: { secret: uuid(3) },
    list,
    dump: async () => [...(await list(""))].flat().join("\n"),
    put: async (key, value) => {
      await admin("PUT", `/v1/kv/${key}`, value);
    },
    ...program,
  };
}

async function setUpConsul(admin: (method: string, path: string, body?: string) => Promise<string>): Promise<void> {
  const policies = {
    publisher: `key_prefix "${PREFIX}/" { policy = "write" }`,
    node: `key_prefix "${PREFIX}/" { policy = "read" }\nkey_prefix "${PREFIX}/nodes/" { policy = "write" }`,
  };
  const there = await admin("GET", "/v1/acl/policies");
  for (const [at, [Name, Rules]] of Object.entries(policies).entries()) {
    if (!there.includes(`"${Name}"`)) await admin("PUT", "/v1/acl/policy", JSON.stringify({ Name, Rules }));
    await admin("PUT", "/v1/acl/token", JSON.stringify({ SecretID: uuid(at + 2), Policies: [{ Name }] }));
  }
}

function uuid(number: number): string {
  return `00000000-0000-4000-8000-00000000000${number}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function plain(text: string): string {
  return Buffer.from(text, "base64").toString();
}

function next(prefix: string): string {
  return String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
