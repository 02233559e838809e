import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";

import { execa, type Options } from "execa";

import { type BrokerClusterPlan, planBrokers } from "../../components/messaging/brokers/plan";
import {
  type BrokerUser,
  RABBITMQ_DIR,
  renderDefinitions,
  renderEnabledPlugins,
  renderInterNodeTls,
  renderRabbitmqConf,
  renderRabbitmqEnv,
} from "../../components/messaging/brokers/rabbitmq/config";
import { type RabbitmqVersion } from "../../components/messaging/brokers/rabbitmq/version";
import type { Placement } from "../../components/messaging/servers/placement";
import { PORTS } from "../../components/messaging/servers/ports";
import { tlsFiles } from "../../components/messaging/servers/tls";
import { freePort } from "../../tools/workspace/ports";
import { createAuthority, issue, type TestAuthority } from "./certificates";
import { ensureDebian } from "./debian";
import { Epmd } from "./epmd";
import { withMemory } from "./rabbitmqMemory";
import { installedVersion } from "./rabbitmqVersion";

/** How long a node may take to boot, on a machine that is busy. */
const BOOT_MS = 180_000;

/** RabbitMQ wants its port to be free on every address. */
const ANY_ADDRESS = "0.0.0.0";

/** The tools themselves: those in /usr/sbin change the user and drop the environment. */
const TOOLS = "/usr/lib/rabbitmq/bin";

export interface RabbitmqClusterOptions {
  /** Members that the plan begins with; each is started by `start`. Default 3. */
  nodes?: number;
  vhost?: string;
  users?: readonly BrokerUser[];
  /** Further environment of every node and tool. */
  environment?: NodeJS.ProcessEnv;
  /**
   * Megabytes that a node takes for the memory of its server; its write-ahead log, of which all is in memory, is then an
   * eighth of it. Default: what the machine has, and RabbitMQ's own 512 MiB.
   */
  memoryMb?: number;
  /** Whether the first node founds the cluster at once, in place of looking for others for half a minute. Default false. */
  foundsAtOnce?: boolean;
}

/** A node of the test's cluster: what a server of the plan would run, at an address of its own on the loopback. */
export interface RabbitmqNode {
  member: Placement;
  /** `127.x.y.z`. */
  address: string;
  /** Erlang's name of the node, such as `rabbit@prod-broker-01`. */
  name: string;
  /** `host:port` for AMQP over TLS. */
  endpoint: string;
  folder: string;
  distributionPort: number;
  process?: ChildProcess;
}

/**
 * A real RabbitMQ cluster of Debian's package on the loopback, from the files that the project renders. All that
 * differs from a server's: where the files lie, and the addresses that are listened on. Every node has an address of
 * its own below 127.0.0.0/8, so that ports are the planned ones.
 */
export class RabbitmqCluster {
  readonly nodes: RabbitmqNode[] = [];

  private constructor(
    readonly authority: TestAuthority,
    readonly vhost: string,
    readonly users: readonly BrokerUser[],
    private readonly folder: string,
    private readonly epmd: Epmd,
    private readonly network: string,
    private readonly cookie: string,
    /** Of the package that is installed. */
    readonly version: RabbitmqVersion,
    private readonly extra: NodeJS.ProcessEnv,
    private readonly memoryMb: number | undefined,
    private readonly foundsAtOnce: boolean,
  ) {}

  /** Starts a cluster and waits for every member; on failure nothing is left running. */
  static async start(options: RabbitmqClusterOptions = {}): Promise<RabbitmqCluster> {
    await ensureDebian(["rabbitmq-server"], ["rabbitmq-server"]);
    const network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    const cluster = new RabbitmqCluster(
      await createAuthority(),
      options.vhost ?? "openstack",
      options.users ?? [{ name: "nova", password: "nova-secret" }],
      mkdtempSync(join(tmpdir(), "fabric-rabbitmq-")),
      await Epmd.start(),
      network,
      randomBytes(24).toString("hex"),
      installedVersion(),
      options.environment ?? {},
      options.memoryMb,
      options.foundsAtOnce ?? false,
    );
    process.once("exit", cluster.abandon);
    try {
      cluster.writeHosts();
      await cluster.grow(options.nodes ?? 3);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get plan(): BrokerClusterPlan {
    return planOf(this.network, this.nodes.length);
  }

  /** Adds members until there are `count`: the first alone, since the others look for it, then all at once. */
  async grow(count: number): Promise<void> {
    const plan = planOf(this.network, count);
    const added: RabbitmqNode[] = [];
    for (const member of plan.members.slice(this.nodes.length)) added.push(await this.prepare(plan, member));
    const first = this.nodes.length === 0 ? added.splice(0, 1) : [];
    for (const nodes of [first, added]) {
      this.nodes.push(...nodes);
      await Promise.all(nodes.map((node) => (first.includes(node) ? this.found(node) : this.boot(node))));
    }
  }

  /** Boots the first node, which looks for others for half a minute unless it is known that there are none. */
  private async found(node: RabbitmqNode): Promise<void> {
    if (!this.foundsAtOnce) return this.boot(node);
    const path = join(node.folder, "rabbitmq.conf");
    const conf = readFileSync(path, "utf8");
    writeFileSync(path, conf.replace(/^(cluster_formation\.discovery_retry_interval) = \d+$/m, "$1 = 500"));
    await this.boot(node);
    writeFileSync(path, conf);
  }

  /** Starts a node and waits until the broker runs; one that ends meanwhile is started again so often, as systemd does. */
  async boot(node: RabbitmqNode, restarts = 0): Promise<void> {
    const deadline = Date.now() + BOOT_MS;
    let child = this.spawn(node);
    // The last step of a boot opens the listener; asking it costs nothing, unlike RabbitMQ's own tools.
    for (let starts = 0; !(await this.accepts(node)); await sleep(250)) {
      if (child.exitCode === null && Date.now() < deadline) continue;
      if (starts++ === restarts || Date.now() > deadline) {
        throw new Error(
          `${node.name} does not run:\n${readFileSync(join(node.folder, "console"), "utf8").slice(-4000)}`,
        );
      }
      child = this.spawn(node);
    }
  }

  private spawn(node: RabbitmqNode): ChildProcess {
    const log = openSync(join(node.folder, "console"), "a");
    const env = this.environment(node);
    node.process = spawn(join(TOOLS, "rabbitmq-server"), [], { env, cwd: node.folder, stdio: ["ignore", log, log] });
    return node.process;
  }

  /** Whether the node takes TLS connections, with a certificate of its name. */
  async accepts(node: RabbitmqNode): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host: node.address, port: PORTS.amqps, ...this.tlsOf(node) }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  }

  /** Ends a node: `SIGTERM` stops the broker in order, `SIGKILL` is a crash. */
  async end(node: RabbitmqNode, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = node.process;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.signalCode === null && child.kill(signal)) {
      const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
      await ended;
      clearTimeout(timer);
    }
    node.process = undefined;
  }

  /** Runs one of RabbitMQ's tools on a node, with the environment that the project renders. */
  async run(node: RabbitmqNode, command: string, args: string[], options: Options = {}) {
    const result = await execa(command, args, { env: this.environment(node), extendEnv: false, ...options });
    return { exitCode: result.exitCode, stdout: String(result.stdout), stderr: String(result.stderr) };
  }

  /** Rows of a `list_…` command as objects. */
  async list(node: RabbitmqNode, command: string, args: string[]): Promise<Record<string, unknown>[]> {
    const { stdout } = await this.run(node, command, [...args, "--formatter", "json", "--silent"]);
    return JSON.parse(stdout) as Record<string, unknown>[];
  }

  /** What a client of a service trusts and what it calls the node. */
  tlsOf(node: RabbitmqNode) {
    return { ca: [this.authority.caPem], servername: node.member.hostName };
  }

  /** What an end without `stop` leaves to do: no node outlives the process that started it. */
  private abandon = (): void => {
    for (const { process: child } of this.nodes) child?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  };

  async stop(): Promise<void> {
    process.off("exit", this.abandon);
    // A cluster that goes as a whole needs no order: every node is killed, and then its data removed.
    await Promise.all(this.nodes.map((node) => this.end(node, "SIGKILL")));
    this.epmd.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Environment of a node and of the tools that talk to it. */
  environment(node: RabbitmqNode): NodeJS.ProcessEnv {
    const listen = `{${node.address.replaceAll(".", ",")}}`;
    return {
      ...this.extra,
      PATH: `${TOOLS}:${process.env["PATH"]}`,
      HOME: node.folder,
      LANG: "C.UTF-8",
      ERL_CRASH_DUMP: "/dev/null",
      // A busy machine may need longer than 7 s for a handshake between nodes.
      ERL_FLAGS: "-kernel net_setuptime 60",
      ERL_EPMD_PORT: String(this.epmd.port),
      ERL_INETRC: join(this.folder, "inetrc"),
      RABBITMQ_CONF_ENV_FILE: join(node.folder, "rabbitmq-env.conf"),
      RABBITMQ_CONFIG_FILE: join(node.folder, "rabbitmq.conf"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(node.folder, "enabled_plugins"),
      RABBITMQ_MNESIA_BASE: join(node.folder, "data"),
      RABBITMQ_LOG_BASE: join(node.folder, "log"),
      // RabbitMQ wants the port to be free on every address.
      RABBITMQ_DIST_PORT: String(node.distributionPort),
      // The script becomes the Erlang machine, so that a signal reaches the broker itself.
      RUNNING_UNDER_SYSTEMD: "true",
      // Listens on the node's address only, and keeps a small machine free.
      RABBITMQ_SERVER_START_ARGS: `-kernel inet_dist_use_interface ${listen} +S 2:2 +SDio 8 +sbwt none`,
    };
  }

  /** Writes what the user data of a server would write. */
  private async prepare(plan: BrokerClusterPlan, member: Placement): Promise<RabbitmqNode> {
    const folder = join(this.folder, member.hostName);
    const address = member.address;
    const distributionPort = await freePort(ANY_ADDRESS);
    this.epmd.addresses.set(distributionPort, address);
    const tls = await issue(this.authority, [member.hostName], [address]);
    mkdirSync(join(folder, "tls"), { recursive: true });
    const files: Record<string, string> = {
      "rabbitmq.conf": withMemory(
        this.memoryMb,
        onAddress(renderRabbitmqConf(plan, this.version, member.hostName), address),
      ),
      "rabbitmq-env.conf": renderRabbitmqEnv(member.hostName),
      "inter_node_tls.config": renderInterNodeTls(),
      enabled_plugins: renderEnabledPlugins(this.version, { amqp10: true }),
      "definitions.json": renderDefinitions(this.vhost, this.users, this.version),
      ".erlang.cookie": this.cookie,
    };
    for (const file of tlsFiles(RABBITMQ_DIR, tls)) files[file.path.slice(RABBITMQ_DIR.length + 1)] = file.content;
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content.replaceAll(RABBITMQ_DIR, folder));
    }
    chmodSync(join(folder, ".erlang.cookie"), 0o400);
    const names = { name: `rabbit@${member.hostName}`, endpoint: `${address}:${PORTS.amqps}` };
    return { member, address, ...names, folder, distributionPort };
  }

  /** What `/etc/hosts` is on a server: the names of all members that can ever be. */
  private writeHosts(): void {
    const { hosts } = planOf(this.network, 1);
    const lines = hosts.map(({ hostName, address }) => `{host, {${address.replaceAll(".", ",")}}, ["${hostName}"]}.`);
    writeFileSync(join(this.folder, "inetrc"), [...lines, "{lookup, [file, native]}.", ""].join("\n"));
  }
}

/** The plan of a cluster whose addresses are on the loopback. */
function planOf(network: string, count: number): BrokerClusterPlan {
  return planBrokers("prod", count, [{ zone: "az-1", cidr: `${network}.0/24` }]);
}

/** Listens on one address instead of all: the only change to the rendered configuration. */
function onAddress(conf: string, address: string): string {
  return conf
    .replace(/^listeners\.ssl\.default = (\d+)$/m, `listeners.ssl.default = ${address}:$1`)
    .replace(/^(prometheus\.ssl\.port = \d+)$/m, `$1\nprometheus.ssl.ip = ${address}`);
}
