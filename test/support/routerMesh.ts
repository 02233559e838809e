import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

import { renderRouterConfig, renderRouterStart, renderSaslConfig } from "../../components/messaging/mesh/config";
import { ROUTER_SOFTWARE } from "../../components/messaging/mesh/implementations";
import {
  type EdgePlan,
  type MeshPlan,
  type MeshRequest,
  planMesh,
  type RouterPlan,
} from "../../components/messaging/mesh/plan";
import { ROUTER_IMPLEMENTATIONS, type RouterImplementation } from "../../components/messaging/mesh/topology";
import { tlsFiles } from "../../components/messaging/servers/tls";
import { freePort } from "../../tools/workspace/ports";
import { createAuthority, issue, type TestAuthority } from "./certificates";
import { ensureDebian, find } from "./debian";
import { libraryCommand, libraryPath } from "./libraries";

/** A router's HTTP listener takes its port on every address. */
const ANY_ADDRESS = "0.0.0.0";

/** How long a router may take until it answers, on a machine that is busy. */
const START_MS = 60_000;

/** Answers look-ups from a file, so that names resolve without anyone's `/etc/hosts`. */
const NSS_WRAPPER = libraryPath("libnss_wrapper.so");

/** The router of this machine: no registry ships one, so a developer builds it or there is none. */
export function routerOfMachine(): RouterImplementation | undefined {
  return ROUTER_IMPLEMENTATIONS.find((implementation) => find(ROUTER_SOFTWARE[implementation].daemon) !== undefined);
}

export interface RunningRouter {
  plan: RouterPlan | EdgePlan;
  /** `127.x.y.z`. */
  address: string;
  /** The HTTP listener takes its port on every address, so that each router on one machine has another. */
  healthPort: number;
  folder: string;
  process?: ChildProcess;
}

export interface MeshUser {
  name: string;
  password: string;
}

/**
 * A real mesh on the loopback, from the files that the project renders. All that differs from a server's: where the
 * files lie and the addresses that are listened on. Every router has an address of its own below 127.0.0.0/8, so that
 * names and ports are the planned ones.
 */
export class RunningMesh {
  readonly routers = new Map<string, RunningRouter>();

  private constructor(
    readonly plan: MeshPlan,
    readonly authority: TestAuthority,
    private readonly users: readonly MeshUser[],
    private readonly folder: string,
  ) {}

  /** Starts a mesh and waits until every router answers; on failure nothing is left running. */
  static async start(
    request: MeshRequest,
    users: readonly MeshUser[],
    authority?: TestAuthority,
  ): Promise<RunningMesh> {
    await ensureDebian(
      ["libnss-wrapper", "sasl2-bin", "libsasl2-modules", "openssl"],
      ["saslpasswd2", "openssl", libraryCommand("libnss_wrapper.so"), libraryCommand("sasl2/libplain.so")],
    );
    const network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    const plan = planMesh("mesh", request, [{ zone: "az-1", cidr: `${network}.0/24` }]);
    const folder = mkdtempSync(join(tmpdir(), "fabric-mesh-"));
    const mesh = new RunningMesh(plan, authority ?? (await createAuthority()), users, folder);
    process.once("exit", mesh.abandon);
    try {
      await mesh.prepare(network);
      for (const router of mesh.routers.values()) await mesh.boot(router);
      return mesh;
    } catch (error) {
      await mesh.stop();
      throw error;
    }
  }

  router(hostName: string): RunningRouter {
    const router = this.routers.get(hostName);
    if (router === undefined) throw new Error(`no router ${hostName}, only ${[...this.routers.keys()].join(", ")}`);
    return router;
  }

  /** What a client's process needs to resolve the routers' names. */
  get environment(): Record<string, string> {
    return { LD_PRELOAD: NSS_WRAPPER, NSS_WRAPPER_HOSTS: join(this.folder, "hosts") };
  }

  /** Starts a router as its server does, and waits until `/healthz` answers. */
  async boot(router: RunningRouter): Promise<void> {
    const log = openSync(join(router.folder, "console"), "a");
    router.process = spawn(join(router.folder, "start.sh"), [], {
      env: {
        ...process.env,
        PATH: `${process.env["PATH"]}:/usr/sbin:/sbin`,
        LD_PRELOAD: NSS_WRAPPER,
        // What the server knows: its own name, and the hosts file that its plan writes.
        NSS_WRAPPER_HOSTNAME: router.plan.hostName,
        NSS_WRAPPER_HOSTS: join(router.folder, "hosts"),
      },
      stdio: ["ignore", log, log],
    });
    const deadline = Date.now() + START_MS;
    while (!(await this.healthy(router))) {
      if (router.process.exitCode !== null || Date.now() > deadline) {
        throw new Error(`${router.plan.hostName} does not answer:\n${this.log(router).slice(-4000)}`);
      }
      await sleep(100);
    }
  }

  /** Whether the router says that it is well. */
  async healthy(router: RunningRouter): Promise<boolean> {
    return this.get(router, "/healthz").then(
      () => true,
      () => false,
    );
  }

  /** The router's own figures, by name. */
  async metrics(router: RunningRouter): Promise<Map<string, number>> {
    const rows = (await this.get(router, "/metrics"))
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    return new Map(rows.map((row) => [row.slice(0, row.lastIndexOf(" ")), Number(row.slice(row.lastIndexOf(" ")))]));
  }

  /** Asks the health listener, with the router's own certificate or without any. */
  async get(router: RunningRouter, path: string, certificate = true): Promise<string> {
    const file = (name: string) => readFileSync(join(router.folder, "tls", name));
    const identity = certificate ? { cert: file("cert.pem"), key: file("key.pem") } : {};
    const where = { host: router.address, port: router.healthPort, path, timeout: 5000, agent: false };
    return new Promise((resolve, reject) => {
      const sent = request(
        { ...where, ca: this.authority.caPem, servername: router.plan.hostName, ...identity },
        (response) => {
          if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`));
          text(response).then(resolve, reject);
        },
      );
      sent
        .once("error", reject)
        .once("timeout", () => sent.destroy(new Error("timeout")))
        .end();
    });
  }

  log(router: RunningRouter): string {
    return readFileSync(join(router.folder, "console"), "utf8");
  }

  /** Ends a router: `SIGKILL` is a crash. */
  async end(router: RunningRouter, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = router.process;
    router.process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.kill(signal);
    await ended;
    clearTimeout(timer);
  }

  /** What an end without `stop` leaves to do: no router outlives the process that started it. */
  private abandon = (): void => {
    for (const { process: child } of this.routers.values()) child?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  };

  async stop(): Promise<void> {
    process.off("exit", this.abandon);
    await Promise.all([...this.routers.values()].map((router) => this.end(router, "SIGKILL")));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes what the user data of the servers would write. */
  private async prepare(network: string): Promise<void> {
    const { routers, edges } = this.plan;
    const placed = [
      ...routers.map((plan) => ({ plan, address: plan.address })),
      ...edges.map((plan, at) => ({ plan, address: `${network}.${150 + at}` })),
    ];
    const hosts = placed.map(({ plan, address }) => `${address} ${plan.hostName}\n`).join("");
    writeFileSync(join(this.folder, "hosts"), `127.0.0.1 localhost\n${hosts}`);
    for (const { plan, address } of placed) {
      const folder = join(this.folder, plan.hostName);
      const router = { plan, address, folder, healthPort: await freePort(ANY_ADDRESS) };
      this.routers.set(plan.hostName, router);
      await this.write(router);
    }
  }

  private async write({ plan, address, folder, healthPort }: RunningRouter): Promise<void> {
    const { implementation } = this.plan;
    const { dir, saslName } = ROUTER_SOFTWARE[implementation];
    const tls = await issue(this.authority, [plan.hostName], plan.mode === "interior" ? [plan.address] : []);
    const files = [
      {
        path: `${dir}/router.json`,
        content: onLoopback(renderRouterConfig(plan, implementation), address, healthPort),
      },
      { path: `${dir}/start.sh`, content: renderRouterStart(implementation), mode: 0o755 },
      { path: `${dir}/sasl/${saslName}.conf`, content: renderSaslConfig() },
      { path: `${dir}/hosts`, content: hostsOf(plan) },
      { path: `${dir}/users`, content: this.users.map((user) => `${user.name}:${user.password}\n`).join("") },
      ...tlsFiles(dir, tls).map(({ path, content }) => ({ path, content })),
    ];
    for (const part of ["sasl", "tls"]) mkdirSync(join(folder, part), { recursive: true });
    for (const { path, content, mode } of files) {
      const text = content.replaceAll(dir, folder).replaceAll("/tmp/router.sasldb", `${folder}/router.sasldb`);
      writeFileSync(join(folder, path.slice(dir.length + 1)), text, { mode: mode ?? 0o600 });
    }
  }
}

/** The server's hosts file: itself if its address is planned, and those that it connects to. */
function hostsOf(plan: RouterPlan | EdgePlan): string {
  const known = [...(plan.mode === "interior" ? [plan] : []), ...plan.links];
  return ["127.0.0.1 localhost", ...known.map(({ address, hostName }) => `${address} ${hostName}`), ""].join("\n");
}

/** Listens on one address instead of all, and tells its health at a free port: the only changes. */
function onLoopback(config: string, host: string, healthPort: number): string {
  const entities = JSON.parse(config) as [string, Record<string, unknown>][];
  const changed = entities.map(([type, attributes]) => {
    if (type !== "listener") return [type, attributes];
    return [type, { ...attributes, host, ...(attributes["http"] === true ? { port: String(healthPort) } : {}) }];
  });
  return JSON.stringify(changed);
}
