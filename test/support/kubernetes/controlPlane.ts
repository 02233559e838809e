import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";

import { execa } from "execa";

import { CHECKOUT } from "../../../tools/workspace/workspace";
import { pythonEnv } from "../pythonEnv";

const toolchain = join(CHECKOUT, "sandbox/toolchain/toolchain");

const COMPONENTS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"];

/** Python packages that the sandbox's own control planes need, at the sandbox's own versions. */
const PACKAGES = ["cryptography", "requests"];

/** What nodes are like. */
export interface NodeOptions {
  /** Nodes are called `<prefix>-<number>`, counted from 0. Default `node`. */
  prefix?: string;
  labels?: Record<string, string>;
  /** What of each resource a node has, all of it for pods. Default 8 processors, 32 GiB and 110 pods. */
  capacity?: Record<string, string>;
  taints?: { key: string; value?: string; effect: string }[];
}

/**
 * A Kubernetes of its own without any OpenStack: a real API with real controllers and a real scheduler. kwok plays the
 * nodes: pods are ready at once, those of Jobs complete at once, and nothing runs in them, so that a chart's admission
 * webhooks must be left out. On loopback and free ports; it ends with this process at the latest.
 */
export class ControlPlane {
  /** Answers come in the order of the questions. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcessWithoutNullStreams,
    private readonly lines: Interface,
    /** An administrator's kubeconfig that needs no other file. */
    readonly kubeconfig: string,
    /** The same as a file. */
    readonly kubeconfigPath: string,
  ) {}

  /** Starts one without nodes; tools that are not there are built first. */
  static async start(): Promise<ControlPlane> {
    const binaries = await findBinaries();
    const { python } = await pythonEnv("control-plane", pinned(PACKAGES), { constraints: lock() });
    const folder = mkdtempSync(join(tmpdir(), "fabric-control-plane-"));
    const script = join(CHECKOUT, "test/support/kubernetes/control_plane.py");
    const plane = join(CHECKOUT, "sandbox/openstack/plane");
    const child = spawn(python, [script, plane, join(folder, "plane"), JSON.stringify(binaries)], { stdio: "pipe" });
    const lines = createInterface(child.stdout);
    const errors: string[] = [];
    child.stderr.on("data", (data: Buffer) => errors.push(data.toString()));
    const login = (await answer(child, lines, errors)) as Login;
    const kubeconfig = kubeconfigOf(login);
    const path = join(folder, "kubeconfig");
    writeFileSync(path, kubeconfig, { mode: 0o600 });
    return new ControlPlane(folder, child, lines, kubeconfig, path);
  }

  /** Runs kubectl as the administrator, and gives what it printed; rejects with what it said where it fails. */
  async kubectl(...args: string[]): Promise<string> {
    return kubectl(this.kubeconfigPath, args);
  }

  /** What `kubectl … -o json` says. */
  async json<T = { items: Record<string, unknown>[] }>(...args: string[]): Promise<T> {
    return JSON.parse(await this.kubectl(...args, "-o", "json")) as T;
  }

  /** Applies manifests (YAML or JSON) at the server, which refuses fields that it does not know. */
  async apply(manifests: string): Promise<string> {
    return kubectl(this.kubeconfigPath, ["apply", "--server-side", "--validate=strict", "-f", "-"], manifests);
  }

  /** Adds nodes and waits until they are ready; gives their names. */
  async addNodes(count: number, options: NodeOptions = {}): Promise<string[]> {
    const { prefix = "node", labels = {}, taints = [] } = options;
    const capacity = { cpu: "8", memory: "32Gi", pods: "110", ...options.capacity };
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    const before = this.turn.catch(() => undefined);
    this.turn = before.then(() => {
      this.process.stdin.write(`${JSON.stringify({ op: "add_nodes", names, labels, capacity, taints })}\n`);
      return answer(this.process, this.lines, []);
    });
    await this.turn;
    return names;
  }

  /** Ends every process, and removes what it kept. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null) {
      this.process.stdin.end();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Login {
  url: string;
  ca: string;
  certificate: string;
  key: string;
}

/** The next line of the process; rejects when it ends without one. */
async function answer(child: ChildProcessWithoutNullStreams, lines: Interface, errors: string[]): Promise<unknown> {
  const line = await new Promise<string>((resolve, reject) => {
    const fail = () => reject(new Error(`the control plane ended: ${errors.join("")}`));
    child.once("exit", fail);
    lines.once("line", (text) => {
      child.off("exit", fail);
      resolve(text);
    });
  });
  const said = JSON.parse(line) as { ok?: unknown; error?: string };
  if (said.error !== undefined) throw new Error(said.error);
  return said.ok;
}

async function kubectl(kubeconfig: string, args: string[], input = ""): Promise<string> {
  const command = ["run", "--", "kubectl", "--kubeconfig", kubeconfig, ...args];
  const { exitCode, all, stdout } = await execa(toolchain, command, { reject: false, all: true, input });
  if (exitCode !== 0) throw new Error(`kubectl ${args.join(" ")}: ${all}`);
  return stdout;
}

async function findBinaries(): Promise<Record<string, string>> {
  await execa(toolchain, ["ensure", "etcd", "kubernetes", "kwok"]);
  const found = COMPONENTS.map(async (component) => {
    const { stdout } = await execa(toolchain, ["run", "--", "sh", "-c", `command -v ${component}`]);
    return [component, stdout] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

function lock(): string[] {
  const text = readFileSync(join(CHECKOUT, "sandbox/openstack/lock-2026.1.txt"), "utf8");
  return text.split("\n").filter((line) => /^[\w.-]+==/.test(line));
}

function pinned(names: string[]): string[] {
  return names.map((name) => lock().find((line) => line.startsWith(`${name}==`)) ?? name);
}

function kubeconfigOf({ url, ca, certificate, key }: Login): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const user = { "client-certificate-data": base64(certificate), "client-key-data": base64(key) };
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "test", cluster: { server: url, "certificate-authority-data": base64(ca) } }],
      users: [{ name: "admin", user }],
      contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
      "current-context": "test",
    },
    null,
    2,
  );
}
