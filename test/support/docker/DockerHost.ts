import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa, type Options } from "execa";

import type { TlsMaterial } from "../../../components/messaging/servers/tls";
import { ensureDebian, find } from "../debian";

/** How long the engine may take to start, and to stop, on a machine that is busy. */
const START_MS = 120_000;
const STOP_MS = 60_000;

/** Docker's port for clients with certificates, on loopback of the engine's own network namespace. */
export const TLS_PORT = 2376;

/**
 * A Docker engine of the test's own, from Debian's package: its data, its socket and its network namespace are its own,
 * so that its bridges and firewall rules are nobody else's and are gone with it. Needs root.
 */
export class DockerHost {
  /** Docker's address, as in DOCKER_HOST. */
  readonly address: string;

  private constructor(
    private readonly folder: string,
    private readonly engine: ChildProcess,
  ) {
    this.address = `unix://${join(folder, "docker.sock")}`;
  }

  /** Starts an engine; with a server's certificate it also takes clients whose certificates are of the same authority. */
  static async start(tls?: TlsMaterial): Promise<DockerHost> {
    await ensureDebian(["docker.io", "iptables", "iproute2"], ["dockerd", "docker", "iptables", "ip"]);
    const folder = mkdtempSync(join(tmpdir(), "fabric-docker-"));
    writeFileSync(join(folder, "daemon.json"), "{}\n");
    // The namespace's loopback is down at first.
    const script = 'ip link set lo up && exec "$0" "$@"';
    const flags = [
      ...["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")],
      ...["--pidfile", join(folder, "docker.pid"), "--config-file", join(folder, "daemon.json")],
      ...["--host", `unix://${join(folder, "docker.sock")}`, "--bridge", "none", "--log-level", "warn"],
      ...(tls === undefined ? [] : tlsFlags(folder, tls)),
    ];
    const log = openSync(join(folder, "dockerd.log"), "w");
    const command = ["--net", "sh", "-c", script, find("dockerd") ?? "dockerd", ...flags];
    const engine = spawn("unshare", command, {
      stdio: ["ignore", log, log],
      env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` },
    });
    const host = new DockerHost(folder, engine);
    await host.untilReady();
    return host;
  }

  /** Runs `docker`; gives what it printed. */
  async docker(args: readonly string[], options: Options = {}): Promise<string> {
    const { stdout } = await execa("docker", ["--host", this.address, ...args], { stdin: "ignore", ...options });
    return String(stdout);
  }

  /** Runs a command where the engine's published ports are: on the host, as its containers see it. */
  async onHost(command: string, ...args: string[]): Promise<string> {
    const { stdout } = await this.runOnHost([command, ...args], { timeout: 60_000 });
    return String(stdout);
  }

  /** The same, with what execa is to do about its environment and its failure. */
  runOnHost(command: readonly string[], options: Options) {
    return execa("nsenter", ["--target", String(this.engine.pid), "--net", ...command], options);
  }

  /** Starts a command there that goes on until it is killed. */
  startOnHost(command: string, ...args: string[]): ChildProcess {
    return spawn("nsenter", ["--target", String(this.engine.pid), "--net", command, ...args], { stdio: "ignore" });
  }

  /** Names of all containers, volumes and networks of users. */
  async everything(): Promise<string[]> {
    const lists = await Promise.all([
      this.docker(["ps", "--all", "--format", "container {{.Names}}"]),
      this.docker(["volume", "ls", "--format", "volume {{.Name}}"]),
      this.docker(["network", "ls", "--filter", "type=custom", "--format", "network {{.Name}}"]),
    ]);
    return lists.flatMap((list) => list.split("\n").filter((line) => line !== "")).sort();
  }

  /** Stops the engine and what it runs, and removes its data. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.engine.once("exit", resolve));
    if (this.engine.exitCode === null && this.engine.signalCode === null) {
      await this.removeContainers();
      this.engine.kill("SIGTERM");
      await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
      if (this.engine.exitCode === null && this.engine.signalCode === null) this.engine.kill("SIGKILL");
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  }

  private async removeContainers(): Promise<void> {
    const ids = (await this.docker(["ps", "--all", "--quiet"])).split("\n").filter((id) => id !== "");
    if (ids.length > 0) await this.docker(["rm", "--force", ...ids]);
  }

  private async untilReady(): Promise<void> {
    const started = Date.now();
    for (;;) {
      const answer = await execa("docker", ["--host", this.address, "version"], { reject: false });
      if (answer.exitCode === 0) return;
      if (this.engine.exitCode !== null || Date.now() - started > START_MS) {
        const log = join(this.folder, "dockerd.log");
        const said = existsSync(log) ? readFileSync(log, "utf8").slice(-3000) : "";
        await this.stop();
        throw new Error(`dockerd does not answer:\n${said}`);
      }
      await sleep(250);
    }
  }
}

function tlsFlags(folder: string, { caPem, certPem, keyPem }: TlsMaterial): string[] {
  const files = { tlscacert: caPem, tlscert: certPem, tlskey: keyPem };
  const paths = Object.entries(files).map(([flag, pem]) => {
    const path = join(folder, `${flag}.pem`);
    writeFileSync(path, pem, { mode: 0o600 });
    return `--${flag}=${path}`;
  });
  return ["--host", `tcp://127.0.0.1:${TLS_PORT}`, "--tlsverify", ...paths];
}
