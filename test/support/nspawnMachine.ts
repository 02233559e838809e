import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { Machine } from "./machine";

/**
 * Starts a system of its own: a network namespace's card on the machines' bridge, its own tree of control groups
 * (the host may have the old kind, or no systemd), a root file system whose changes are in memory.
 */
const START = `set -eu
name=$1 card=$2 image=$3 root=$4 data=$5 seed=$6
mount --make-rprivate /
mount -o loop,ro "$image" "$root"
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p "/sys/fs/cgroup/$name"
echo $$ > "/sys/fs/cgroup/$name/cgroup.procs"
exec systemd-nspawn --quiet --boot --register=no --keep-unit --volatile=overlay --directory="$root" --machine="$name" \
  --network-namespace-path="/run/netns/$card" --capability=CAP_NET_ADMIN --link-journal=no --resolv-conf=off \
  --timezone=off --console=read-only \
  --bind="$data" --bind-ro="$seed:/var/lib/cloud/seed/nocloud"`;

/** Joins standard input and output with a port; run in the network namespace of the machines. */
const PIPE = `
import socket, sys, threading
peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
def send():
    while data := sys.stdin.buffer.raw.read(65536): peer.sendall(data)
    peer.shutdown(socket.SHUT_WR)
threading.Thread(target=send, daemon=True).start()
while data := peer.recv(65536):
    sys.stdout.buffer.write(data); sys.stdout.buffer.flush()
`;

/** A whole system, from systemd on, in namespaces of the host's kernel; needs root. */
export class NspawnMachine extends Machine {
  private child?: ChildProcess;
  private door?: Server;
  private loop?: string;

  async boot(): Promise<void> {
    const { name, image } = this.options;
    await this.createNetwork();
    this.writeSeed();
    this.loop ??= await this.attachData();
    mkdirSync(this.path("root"), { recursive: true });
    const log = openSync(this.path("console.log"), "w");
    const args = [name, this.card(), image.root, this.path("root"), this.loop];
    this.child = spawn("unshare", ["--mount", "sh", "-c", START, "start", ...args, this.path("seed")], {
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.door = await this.openDoor();
  }

  async shutDown(seconds = 90): Promise<void> {
    const { child } = this;
    // systemd-nspawn hands it on as the request to power off.
    child?.kill("SIGTERM");
    for (let tenths = 0; tenths < seconds * 10 && child?.exitCode === null; tenths++) await sleep(100);
    await this.powerOff();
  }

  async kill(): Promise<void> {
    await this.powerOff();
    if (this.loop !== undefined) await execa("losetup", ["-d", this.loop], { reject: false });
    this.loop = undefined;
    await execa("ip", ["netns", "del", this.card()], { reject: false });
    await execa("ip", ["netns", "del", this.bridge()], { reject: false });
  }

  async run(command: string, seconds = 120): Promise<{ code: number; output: string }> {
    const leader = this.leader();
    if (leader === undefined) throw new Error(`${this.options.name} is off`);
    const enter = ["--target", leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"];
    const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" };
    const options = { reject: false, all: true, timeout: seconds * 1000, env, extendEnv: false } as const;
    const result = await execa("/usr/bin/nsenter", [...enter, "/bin/sh", "-c", command], options);
    if (result.timedOut) throw new Error(`${this.options.name}: \`${command}\` takes longer than ${seconds} s`);
    return { code: result.exitCode ?? -1, output: result.all };
  }

  protected off(): string | undefined {
    const { child } = this;
    if (child === undefined) return "not booted";
    return child.exitCode === null && child.signalCode === null ? undefined : "systemd-nspawn has ended";
  }

  private async powerOff(): Promise<void> {
    const { child } = this;
    this.door?.close();
    this.child = this.door = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    const leader = this.leader(child);
    // With its first process all of the system goes, and systemd-nspawn after it.
    if (leader === undefined) child.kill("SIGKILL");
    else process.kill(Number(leader), "SIGKILL");
    await gone;
  }

  /** The system's first process: the child of systemd-nspawn. */
  private leader(child = this.child): string | undefined {
    const path = `/proc/${child?.pid}/task/${child?.pid}/children`;
    const children = existsSync(path) ? readFileSync(path, "utf8").trim().split(" ") : [];
    return children.find((pid) => existsSync(`/proc/${pid}/exe`));
  }

  private card(): string {
    return `fm${this.options.network}-${this.options.index}`;
  }

  private bridge(): string {
    return `fb${this.options.network}`;
  }

  /** A bridge in a namespace of its own, so that the host's network is left alone. */
  private async createNetwork(): Promise<void> {
    const [bridge, card] = [this.bridge(), this.card()];
    const gateway = this.options.address.replace(/^(\d+\.\d+)\..*(\/\d+)$/, "$1.255.1$2");
    await execa("sh", [
      "-c",
      `set -eu
ip netns add ${bridge} 2>/dev/null && {
  ip -n ${bridge} link add br0 type bridge && ip -n ${bridge} link set br0 up && ip -n ${bridge} addr add ${gateway} dev br0
}
ip netns del ${card} 2>/dev/null || true
ip -n ${bridge} link del v${this.options.index} 2>/dev/null || true
ip netns add ${card}
ip -n ${bridge} link add v${this.options.index} type veth peer name eth0 netns ${card}
ip -n ${bridge} link set v${this.options.index} master br0 up
ip -n ${card} link set eth0 address ${this.mac(0)}`,
    ]);
  }

  private writeSeed(): void {
    const { address, metaData, userData } = this.options;
    const ethernets = { eth0: { match: { macaddress: this.mac(0) }, addresses: [address] } };
    mkdirSync(this.path("seed"), { recursive: true });
    const write = (name: string, content: string) => writeFileSync(`${this.path("seed")}/${name}`, content);
    write("user-data", userData);
    write("meta-data", JSON.stringify(metaData));
    write("network-config", JSON.stringify({ version: 2, ethernets }));
  }

  /**
   * The data volume, as one that was in use before: in a container the disks that are listed are the host's, so that
   * none is blank and can be formatted.
   */
  private async attachData(): Promise<string> {
    const file = this.path("data.raw");
    rmSync(file, { force: true });
    await execa("truncate", ["-s", "4G", file]);
    await execa("mkfs.ext4", ["-q", "-L", "fabric-data", file]);
    return (await execa("losetup", ["--find", "--show", file])).stdout.trim();
  }

  /** Leads a port of loopback to the machine, through its network's namespace. */
  private async openDoor(): Promise<Server> {
    const { address, forward } = this.options;
    const target = [address.replace(/\/.*/, ""), String(forward.to)];
    const server = createServer((socket) => {
      const pipe = spawn("ip", ["netns", "exec", this.bridge(), "python3", "-c", PIPE, ...target], {
        stdio: ["pipe", "pipe", "ignore"],
      });
      socket.pipe(pipe.stdin).on("error", () => socket.destroy());
      pipe.stdout.pipe(socket);
      socket.on("error", () => pipe.kill()).on("close", () => pipe.kill());
    });
    await new Promise<void>((resolve) => server.listen(forward.from, "127.0.0.1", resolve));
    return server;
  }
}
