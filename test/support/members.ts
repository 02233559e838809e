import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import type { HostPlan } from "../../components/compute/cloudInit";

/** Zones whose planned addresses are all on loopback, in a range that nobody else uses at the moment. */
export async function loopbackZones(port: number): Promise<{ zone: string; cidr: string }[]> {
  for (;;) {
    const second = 16 + Math.floor(Math.random() * 230);
    const zones = [0, 32, 64].map((third) => ({ zone: `az-${third}`, cidr: `127.${second}.${third}.0/19` }));
    const free = await Promise.all([0, 32, 64].map((third) => canListen(`127.${second}.${third}.10`, port)));
    if (free.every(Boolean)) return zones;
  }
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

export interface Deployment {
  plan: HostPlan;
  /** The address that the member listens on, in place of all addresses. */
  address: string;
  /** Where the server's and the container's paths lie in this test, longest first. */
  paths: (folder: string) => Readonly<Record<string, string>>;
}

/** One server of a cluster, as processes of this machine instead of a container on a server of its own. */
export class Member {
  readonly folder: string;
  readonly address: string;
  readonly hostName: string;
  private process: ChildProcess | undefined;
  private readonly environment: Record<string, string>;

  constructor(private readonly deployment: Deployment) {
    const { plan, address } = deployment;
    this.address = address;
    this.hostName = plan.hostName;
    this.folder = mkdtempSync(join(tmpdir(), `fabric-${plan.hostName}-`));
    for (const file of plan.files) {
      const path = this.local(file.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, this.local(file.content), { mode: parseInt(file.mode ?? "0644", 8) });
    }
    if (plan.dataMount !== undefined) mkdirSync(this.local(plan.dataMount), { recursive: true });
    const hosts = join(this.folder, "hosts");
    writeFileSync(
      hosts,
      ["127.0.0.1 localhost", ...plan.hosts.map((h) => `${h.address} ${h.hostName}`), ""].join("\n"),
    );
    // Small and quick to start; and these names in place of those of /etc/hosts.
    const java = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", `-Djdk.net.hosts.file=${hosts}`];
    this.environment = { JAVA_TOOL_OPTIONS: java.join(" ") };
    process.once("exit", () => this.signal("SIGKILL"));
  }

  /** A text with the server's paths and addresses turned into this test's. */
  local(text: string): string {
    const paths = Object.entries(this.deployment.paths(this.folder));
    return paths.reduce((done, [from, to]) => done.replaceAll(from, to), text.replaceAll("0.0.0.0", this.address));
  }

  start(command: string, args: readonly string[] = []): void {
    const log = openSync(join(this.folder, "output"), "a");
    this.process = spawn(this.local(command), [...args], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment },
      // A group of its own: what a start script leaves in the background ends with it.
      detached: true,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
  }

  /** Runs a script of the server to its end. */
  async run(command: string, args: readonly string[] = []): Promise<{ code: number | undefined; said: string }> {
    const result = await execa(this.local(command), [...args], {
      cwd: this.folder,
      env: this.environment,
      reject: false,
      timeout: 120_000,
    });
    return { code: result.exitCode, said: result.stdout.trim() };
  }

  /** Its process, which leads a group of its own. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  output(): string {
    return readFileSync(join(this.folder, "output"), "utf8");
  }

  /** As systemd stops a service. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    await this.ended();
  }

  /** As a server that loses its power. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended();
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ended(): Promise<void> {
    if (this.process === undefined || this.process.exitCode !== null || this.process.signalCode !== null) return;
    await once(this.process, "exit");
  }

  private signal(signal: NodeJS.Signals): void {
    const pid = this.process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

/** Asks until something is so, or says what it was last. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isSo: (answer: T) => boolean,
  seconds = 120,
  pauseMs = 500,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() > end) throw new Error(`not so within ${seconds} s; last: ${JSON.stringify(answer)}`);
    await sleep(pauseMs);
  }
}
