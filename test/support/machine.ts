import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { MachineImage } from "./machineImage";

/** What a machine is given, as a cloud would. */
export interface MachineOptions {
  image: MachineImage;
  /** Folder for its disks, its console and its sockets. */
  folder: string;
  name: string;
  /** Position in the network, from 1. */
  index: number;
  userData: string;
  metaData: Record<string, unknown>;
  /** Address with prefix on the private network. */
  address: string;
  /** What the machines of one network have in common: a port of loopback, free. */
  network: number;
  /** Port of loopback that leads to a port of the machine: from what is behind the firewall's back to its front. */
  forward: { from: number; to: number };
  memoryMiB: number;
}

/** A machine with a system that can be thrown away and a data disk that stays. */
export abstract class Machine {
  constructor(readonly options: MachineOptions) {}

  /** Boots from a fresh copy of the image; a data disk that is there stays. */
  abstract boot(): Promise<void>;
  /** Takes the power away. */
  abstract kill(): Promise<void>;
  /** Shuts down as Nova does it, by the power button. */
  abstract shutDown(): Promise<void>;
  /** Runs a command in the machine. */
  abstract run(command: string, seconds?: number): Promise<{ code: number; output: string }>;
  /** Why the machine is off, if it is. */
  protected abstract off(): string | undefined;

  console(): string {
    return existsSync(this.path("console.log")) ? readFileSync(this.path("console.log"), "utf8") : "";
  }

  /** Waits until a condition holds; if it never does, says what the console last said. */
  async until<T>(what: string, seconds: number, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const off = this.off();
      if (off !== undefined) throw new Error(`${this.options.name} is off: ${off}\n${this.console().slice(-3000)}`);
      const answer = await Promise.resolve(ask()).catch(() => undefined);
      if (answer !== undefined) return answer;
      if (Date.now() > end) {
        throw new Error(`${this.options.name}: not ${what} after ${seconds} s.\n${this.console().slice(-3000)}`);
      }
      await sleep(1000);
    }
  }

  /** Waits for cloud-init's end, and gives what it says of it. */
  async cloudInit(seconds: number): Promise<{ status: string; errors: string[] }> {
    await this.until("answering", seconds, () => this.run("test -e /run/cloud-init/status.json").then(done));
    await this.run("cloud-init status --wait", seconds);
    const { output } = await this.run("cat /run/cloud-init/status.json");
    const { v1 } = JSON.parse(output) as { v1: Record<string, unknown> };
    const stages = Object.values(v1).filter((stage): stage is { errors: string[] } => isObject(stage));
    const { output: status } = await this.run("cloud-init status");
    return { status: status.trim(), errors: stages.flatMap(({ errors }) => errors) };
  }

  protected path(name: string): string {
    return join(this.options.folder, `${this.options.name}.${name}`);
  }

  protected mac(card: number): string {
    return `52:54:00:fa:0${card}:0${this.options.index}`;
  }
}

function done({ code }: { code: number }): true | undefined {
  return code === 0 ? true : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
