import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa, type ResultPromise } from "execa";

import {
  agentFiles,
  type AgentInput,
  agentFolder,
  renderSettings,
} from "../../../components/oslo/distribution/agentHost";
import type { TestStore } from "./servers";

const SETTINGS = "/etc/fabric-config-agent/";
const WAIT_MS = 60_000;

/** A node: a folder as its root, and the agent as its unit would run it. */
export class TestNode {
  readonly root: string;
  private readonly settings: string;
  private child: ResultPromise | undefined;

  constructor(dir: string, store: TestStore, input: Pick<AgentInput, "hostName" | "publisherKeyPem" | "nodeKeyPems">) {
    this.root = join(dir, input.hostName);
    this.settings = join(this.root, SETTINGS);
    mkdirSync(this.settings, { recursive: true });
    const { ca, client } = store.certificates;
    const [caPem, certPem, keyPem] = [ca, client.cert, client.key].map((path) => readFileSync(path, "utf8"));
    if (caPem === undefined || certPem === undefined || keyPem === undefined) throw new Error("no certificate");
    const told = (service: string) => ["sh", "-c", `echo ${service} >> ${this.root}/reloads`];
    const full: AgentInput = {
      ...input,
      store: {
        kind: store.kind,
        endpoints: [store.endpoint],
        prefix: "fabric/test",
        caPem,
        client: { certPem, keyPem },
        user: store.node.user,
        secret: store.node.secret,
      },
      services: {
        nova: { units: [], reload: [told("nova")] },
        neutron: { units: [], reload: [told("neutron")] },
      },
      pollSeconds: 5,
    };
    for (const { path, content } of agentFiles(full)) {
      if (path.startsWith(SETTINGS)) writeFileSync(join(this.root, path), content, { mode: 0o600 });
    }
    writeFileSync(join(this.settings, "agent.json"), renderSettings(full, this.settings));
  }

  get log(): string {
    return this.read("agent.log") ?? "";
  }

  /** Services that were told to reload, in order. */
  get reloads(): string[] {
    return (this.read("reloads") ?? "").split("\n").filter((line) => line !== "");
  }

  read(path: string): string | undefined {
    const file = join(this.root, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  start(): void {
    const log = { file: join(this.root, "agent.log"), append: true };
    this.child = execa(
      "/usr/bin/python3",
      ["-B", join(agentFolder(), "agent.py"), "--settings", join(this.settings, "agent.json"), "--root", this.root],
      { reject: false, stdout: log, stderr: log },
    );
  }

  async kill(): Promise<void> {
    this.child?.kill("SIGKILL");
    await this.child;
  }

  /** Until a file has a content; shows the log where it never gets it. */
  async until(path: string, holds: (content: string | undefined) => boolean): Promise<void> {
    const end = Date.now() + WAIT_MS;
    while (!holds(this.read(path))) {
      if (Date.now() > end) throw new Error(`${path} holds ${this.read(path)}; the agent says:\n${this.log}`);
      await sleep(50);
    }
  }
}
