import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { CHECKOUT } from "../../workspace/workspace";

/** An operation that failed in Python: the exception's class is in `kind`. */
export class AgentError extends Error {
  constructor(
    readonly kind: string,
    text: string,
    /** How long it took to fail. */
    readonly seconds: number,
  ) {
    super(`${kind}: ${text}`);
  }
}

export interface Load {
  calls: number;
  /** Class of the exception, and seconds until it came. */
  failures: [string, number][];
  p50: number;
  p99: number;
  longestGap: number;
}

let agents = 0;

/** A process with a real oslo.messaging that reads the generated configuration, and does what it is told. */
export class OsloAgent {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: ((line: string | undefined) => void)[] = [];
  private errors = "";
  private readonly name = `fabric-agent-${process.pid}-${++agents}`;

  /** `python`: an interpreter with oslo.messaging. `files`: configuration files, the later go over the earlier. */
  constructor(python: string, files: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    // Compiled code lies elsewhere than what is not compiled.
    const script = join(CHECKOUT, "tools", "blend", "oslo", "agent.py");
    const processname = { OS_OSLO_MESSAGING_RABBIT__PROCESSNAME: this.name };
    this.child = spawn(python, [script, ...files.flatMap((file) => ["--config-file", file])], {
      env: { ...process.env, ...environment, ...processname, PYTHONWARNINGS: "ignore" },
      // oslo.messaging's queue manager looks at the first process of the group, which for a test may have ended.
      detached: true,
    });
    this.child.stderr.on("data", (chunk: Buffer) => (this.errors = (this.errors + chunk.toString()).slice(-20_000)));
    this.child.once("exit", () => this.waiting.splice(0).forEach((answer) => answer(undefined)));
    createInterface({ input: this.child.stdout }).on("line", (line) => this.waiting.shift()?.(line));
  }

  /** What the process logged last. */
  get log(): string {
    return this.errors;
  }

  async ask<T>(op: string, args: Readonly<Record<string, unknown>> = {}): Promise<T> {
    if (this.child.exitCode !== null) throw new Error(`the agent has ended:\n${this.errors.slice(-3000)}`);
    const answered = new Promise<string | undefined>((resolve) => this.waiting.push(resolve));
    this.child.stdin.write(JSON.stringify({ op, ...args }) + "\n");
    const line = await answered;
    if (line === undefined) throw new Error(`the agent ended during ${op}:\n${this.errors.slice(-3000)}`);
    const answer = JSON.parse(line) as { ok: T } | { error: string; text: string; seconds: number };
    if ("error" in answer) throw new AgentError(answer.error, answer.text, answer.seconds);
    return answer.ok;
  }

  /** Ends the process: `SIGKILL` is a crash, the default lets it close its connections. */
  async end(signal: "SIGKILL" | "SIGTERM" = "SIGTERM"): Promise<void> {
    // Where the queue manager counts.
    rmSync(`/dev/shm/${hostname()}_${this.name}_qmanager`, { force: true });
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await ended;
  }
}
