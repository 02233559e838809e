import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { find } from "./debian";
import { askAgent } from "./guestAgent";
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
  /** UDP port of the private network's multicast group on loopback. */
  networkPort: number;
  /** Ports of the machine by the port of loopback that leads to it. */
  forwards: Readonly<Record<number, number>>;
  memoryMiB: number;
}

/** A virtual machine with two network cards: the private network, and one on which only the test can reach it. */
export class Machine {
  private child?: ChildProcess;

  constructor(readonly options: MachineOptions) {}

  /** Whether the kernel's hypervisor really answers, not only that its device is there. */
  static async hasKvm(): Promise<boolean> {
    const ask = "import fcntl,os; f=os.open('/dev/kvm',os.O_RDWR); fcntl.ioctl(f,0xAE01,0)";
    return (await execa("python3", ["-c", ask], { reject: false })).exitCode === 0;
  }

  /** Boots from a fresh copy of the image; a data disk that is there stays. */
  async boot(accelerator: "kvm" | "tcg"): Promise<void> {
    const { image } = this.options;
    rmSync(this.path("system.qcow2"), { force: true });
    rmSync(this.path("console.log"), { force: true });
    rmSync(this.path("agent"), { force: true });
    await execa("qemu-img", ["create", "-q", "-f", "qcow2", "-b", image.root, "-F", "raw", this.path("system.qcow2")]);
    if (!existsSync(this.path("data.raw"))) {
      await execa("qemu-img", ["create", "-q", "-f", "raw", this.path("data.raw"), "4G"]);
    }
    await this.writeSeed();
    const log = openSync(this.path("qemu.log"), "a");
    this.child = spawn(find("qemu-system-x86_64") ?? "qemu-system-x86_64", this.arguments(accelerator), {
      stdio: ["ignore", log, log],
    });
    closeSync(log);
  }

  /** Takes the power away. */
  async kill(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** Shuts the machine down as Nova does: by its power button, with a limit. */
  async shutDown(seconds = 90): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    await this.agent("guest-shutdown").catch(() => undefined);
    for (let tenths = 0; tenths < seconds * 10 && child.exitCode === null; tenths++) await sleep(100);
    await this.kill();
  }

  console(): string {
    return existsSync(this.path("console.log")) ? readFileSync(this.path("console.log"), "utf8") : "";
  }

  /** Runs a command in the machine, by its guest agent. */
  async run(command: string, seconds = 120): Promise<{ code: number; output: string }> {
    const started = (await this.agent("guest-exec", {
      path: "/bin/sh",
      arg: ["-c", `${command} 2>&1`],
      "capture-output": true,
    })) as { pid: number };
    for (let waited = 0; waited < seconds * 2; waited++) {
      const status = (await this.agent("guest-exec-status", { pid: started.pid })) as {
        exited: boolean;
        exitcode?: number;
        "out-data"?: string;
      };
      if (status.exited) {
        return {
          code: status.exitcode ?? -1,
          output: Buffer.from(status["out-data"] ?? "", "base64").toString("utf8"),
        };
      }
      await sleep(500);
    }
    throw new Error(`${this.options.name}: \`${command}\` takes longer than ${seconds} s`);
  }

  /** Waits until a condition holds, with what the console last said if it never does. */
  async until<T>(what: string, seconds: number, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      if (this.child?.exitCode != null || this.child?.signalCode != null) throw new Error(`${this.options.name} is off: ${this.tail("qemu.log")}`);
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
    await this.until("answering", seconds, () => this.agent("guest-ping"));
    const { output } = await this.run("cloud-init status --wait >/dev/null; cat /run/cloud-init/status.json", seconds);
    const status = JSON.parse(output) as { v1: Record<string, unknown> & { stage: string | null } };
    const stages = Object.values(status.v1).filter(
      (stage): stage is { errors: string[] } => typeof stage === "object" && stage !== null,
    );
    const { output: word } = await this.run("cloud-init status");
    return { status: word.trim(), errors: stages.flatMap(({ errors }) => errors) };
  }

  private path(name: string): string {
    return join(this.options.folder, `${this.options.name}.${name}`);
  }

  private tail(name: string): string {
    return readFileSync(this.path(name), "utf8").slice(-2000);
  }

  private mac(card: number): string {
    return `52:54:00:fa:0${card}:0${this.options.index}`;
  }

  /** NoCloud's volume: what a cloud's metadata service would say. */
  private async writeSeed(): Promise<void> {
    const { address, metaData, userData } = this.options;
    const card = (at: number, addresses: string[]) => ({
      match: { macaddress: this.mac(at) },
      "set-name": `eth${at}`,
      addresses,
    });
    const network = { version: 2, ethernets: { eth0: card(0, [address]), eth1: card(1, ["10.0.2.15/24"]) } };
    const files = {
      "user-data": userData,
      "meta-data": JSON.stringify(metaData),
      "network-config": JSON.stringify(network),
    };
    mkdirSync(this.path("seed"), { recursive: true });
    const paths = Object.entries(files).map(([name, content]) => {
      const path = join(this.path("seed"), name);
      writeFileSync(path, content);
      return path;
    });
    const iso = ["-quiet", "-volid", "cidata", "-joliet", "-rock", "-output", this.path("seed.iso")];
    await execa("genisoimage", [...iso, ...paths]);
  }

  private arguments(accelerator: "kvm" | "tcg"): string[] {
    const { image, networkPort, forwards, memoryMiB, name } = this.options;
    const forwarded = Object.entries(forwards).map(([from, to]) => `,hostfwd=tcp:127.0.0.1:${from}-10.0.2.15:${to}`);
    const net = (card: number, backend: string) => [
      ...["-netdev", `${backend},id=net${card}`],
      ...["-device", `virtio-net-pci,netdev=net${card},mac=${this.mac(card)},romfile=`],
    ];
    const disk = (id: string, drive: string, device: string) => [
      ...["-drive", `if=none,id=${id},file=${this.path(drive)}`],
      ...["-device", `virtio-blk-pci,drive=${id}${device}`],
    ];
    return [
      ...["-name", name, "-machine", "q35", "-accel", accelerator, "-cpu", accelerator === "kvm" ? "host" : "max"],
      ...["-smp", "1", "-m", `${memoryMiB}`, "-nodefaults", "-display", "none", "-no-reboot"],
      ...["-kernel", image.kernel, "-initrd", image.initrd],
      ...["-append", "root=LABEL=fabric-root rw console=ttyS0 net.ifnames=0 quiet"],
      ...["-serial", `file:${this.path("console.log")}`],
      // As a hypervisor may order them: the data volume is not the second disk.
      ...disk("seed", "seed.iso,format=raw,readonly=on", ""),
      ...disk("system", "system.qcow2,format=qcow2,cache=unsafe", ""),
      ...disk("data", "data.raw,format=raw,cache=unsafe", ",serial=fabric-data-volume"),
      ...net(0, `socket,mcast=230.0.0.1:${networkPort},localaddr=127.0.0.1`),
      ...net(1, `user,restrict=on${forwarded.join("")}`),
      ...["-device", "virtio-rng-pci", "-device", "virtio-serial"],
      ...["-chardev", `socket,path=${this.path("agent")},server=on,wait=off,id=agent`],
      ...["-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"],
    ];
  }

  private agent(execute: string, args: Record<string, unknown> = {}): Promise<unknown> {
    return askAgent(this.path("agent"), execute, args);
  }
}
