import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { find } from "./debian";
import { askAgent } from "./guestAgent";
import { Machine } from "./machine";
import type { MachineImage } from "./machineImage";

/** A virtual machine with two network cards: the private network, and one on which only the test can reach it. */
export class QemuMachine extends Machine {
  private child?: ChildProcess;

  /**
   * Whether KVM really runs the image's kernel. That \`/dev/kvm\` opens says little: within a virtual machine it may
   * refuse registers that QEMU sets, or interpret what it cannot run.
   */
  static async runs(image: MachineImage): Promise<boolean> {
    if (!existsSync("/dev/kvm")) return false;
    const base = ["-nodefaults", "-display", "none", "-no-reboot", "-m", "256", "-serial", "stdio"];
    const boot = ["-kernel", image.kernel, "-append", "console=ttyS0 earlyprintk=ttyS0 panic=-1"];
    const { stdout } = await execa(qemu(), [...KVM, ...base, ...boot], { reject: false, timeout: 15_000 });
    return /Linux version/.test(stdout);
  }

  async boot(): Promise<void> {
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
    this.child = spawn(qemu(), this.arguments(), {
      stdio: ["ignore", log, log],
    });
    closeSync(log);
  }

  async kill(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async shutDown(seconds = 90): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    await this.agent("guest-shutdown").catch(() => undefined);
    for (let tenths = 0; tenths < seconds * 10 && child.exitCode === null; tenths++) await sleep(100);
    await this.kill();
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

  protected off(): string | undefined {
    const { child } = this;
    if (child === undefined) return "not booted";
    if (child.exitCode === null && child.signalCode === null) return undefined;
    return readFileSync(this.path("qemu.log"), "utf8").slice(-2000);
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

  private arguments(): string[] {
    const { image, network, forward, memoryMiB, name } = this.options;
    const forwarded = `hostfwd=tcp:127.0.0.1:${forward.from}-10.0.2.15:${forward.to}`;
    const net = (card: number, backend: string) => [
      ...["-netdev", `${backend},id=net${card}`],
      ...["-device", `virtio-net-pci,netdev=net${card},mac=${this.mac(card)},romfile=`],
    ];
    const disk = (id: string, drive: string, device: string) => [
      ...["-drive", `if=none,id=${id},file=${this.path(drive)}`],
      ...["-device", `virtio-blk-pci,drive=${id}${device}`],
    ];
    return [
      ...["-name", name, ...KVM],
      ...["-smp", "1", "-m", `${memoryMiB}`, "-nodefaults", "-display", "none", "-no-reboot"],
      ...["-kernel", image.kernel, "-initrd", image.initrd],
      ...["-append", "root=LABEL=fabric-root rw console=ttyS0 net.ifnames=0 quiet"],
      ...["-serial", `file:${this.path("console.log")}`],
      // As a hypervisor may order them: the data volume is not the second disk.
      ...disk("seed", "seed.iso,format=raw,readonly=on", ""),
      ...disk("system", "system.qcow2,format=qcow2,cache=unsafe", ""),
      ...disk("data", "data.raw,format=raw,cache=unsafe", ",serial=fabric-data-volume"),
      ...net(0, `socket,mcast=230.0.0.1:${network},localaddr=127.0.0.1`),
      ...net(1, `user,restrict=on,${forwarded}`),
      ...["-device", "virtio-rng-pci", "-device", "virtio-serial"],
      ...["-chardev", `socket,path=${this.path("agent")},server=on,wait=off,id=agent`],
      ...["-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"],
    ];
  }

  private agent(execute: string, args: Record<string, unknown> = {}): Promise<unknown> {
    return askAgent(this.path("agent"), execute, args);
  }
}

const KVM = ["-machine", "q35", "-accel", "kvm", "-cpu", "host"];

function qemu(): string {
  return find("qemu-system-x86_64") ?? "qemu-system-x86_64";
}
