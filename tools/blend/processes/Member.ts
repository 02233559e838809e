import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { CHECKOUT } from "../../workspace/workspace";
import type { Answer, Order, Role } from "./orders";

/** Processes run compiled, whoever starts them. */
const SCRIPT = join(CHECKOUT, "dist", "tools", "blend", "processes", "worker.js");

/** A client or a server in a process of its own, as the process that started it sees it. */
export class Member {
  private readonly child: ChildProcess;
  private errors = "";
  /** What has been done so far. */
  progress = 0;

  private constructor(private readonly role: Role) {
    this.child = fork(SCRIPT, { serialization: "advanced", stdio: ["ignore", "ignore", "pipe", "ipc"] });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.errors = (this.errors + chunk.toString()).slice(-4_000)));
    this.child.on("message", (answer: Answer) => {
      if (answer.is === "progress") this.progress = answer.done;
    });
  }

  /** Starts the process; resolves when it is connected, or listens. */
  static async start(role: Role): Promise<Member> {
    const member = new Member(role);
    try {
      await member.ask({ do: "begin", role }, "ready");
      return member;
    } catch (error) {
      await member.end();
      throw error;
    }
  }

  /** Gives an order and waits for the answer of the kind. */
  async ask<K extends Answer["is"]>(order: Order, kind: K): Promise<Extract<Answer, { is: K }>> {
    return new Promise((resolve, reject) => {
      const what = `${this.role.role} ${this.role.index + 1}`;
      const done = () => this.child.off("message", heard).off("exit", gone);
      const gone = () => {
        done();
        reject(new Error(`${what} ended: ${this.errors}`));
      };
      const heard = (answer: Answer) => {
        if (answer.is === "progress") return;
        done();
        if (answer.is === kind) resolve(answer as Extract<Answer, { is: K }>);
        else
          reject(new Error(answer.is === "failed" ? `${what}: ${answer.message}` : `${what}: unexpected ${answer.is}`));
      };
      this.child.on("message", heard).on("exit", gone);
      if (this.child.exitCode !== null || !this.child.connected) gone();
      else this.child.send(order);
    });
  }

  /** Ends the process: in order, and after two seconds in any case. `SIGKILL` is a crash. */
  async end(signal?: "SIGKILL"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 2_000);
    if (signal === undefined && this.child.connected) this.child.send({ do: "end" } satisfies Order);
    else this.child.kill("SIGKILL");
    await ended;
    clearTimeout(timer);
  }
}
