import { Receiver } from "../patterns/receiver";
import { Sender } from "../patterns/sender";
import { transportOf } from "../transports/registry";
import type { Client, Server } from "../transports/transport";
import { runLoad } from "./load";
import type { Answer, ClientReport, Load, Order, Role } from "./orders";

/** Milliseconds between what a process says of its progress. */
const PROGRESS = 1_000;

/** A process of its own that is one client or one server, and does what it is told over its channel. */
class Participant {
  private role: Role | undefined;
  private client: Client | undefined;
  private server: Server | undefined;
  private readonly receiver = new Receiver();

  async obey(order: Order): Promise<Answer | undefined> {
    if (order.do === "begin") return this.begin(order.role);
    if (order.do === "run") return { is: "ran", report: await this.run(order.load, order.start) };
    if (order.do === "report") return { is: "received", report: this.receiver.result() };
    await Promise.all([this.client?.close(), this.server?.close()]);
    process.exit(0);
  }

  private async begin(role: Role): Promise<Answer> {
    this.role = role;
    const { target, pattern, topic, index } = role;
    const transport = transportOf(target);
    if (role.role === "client") this.client = await transport.connect(target);
    else
      this.server = await transport.serve(target, {
        pattern,
        topic,
        index,
        handle: (body) => this.receiver.take(body),
      });
    return { is: "ready" };
  }

  private async run(load: Load, start: number): Promise<ClientReport> {
    const { client, role } = this;
    if (client === undefined || role === undefined) throw new Error("run before begin");
    const sender = new Sender(client, role.pattern, { ...role, sender: role.index });
    const progress = setInterval(() => tell({ is: "progress", done: sender.progress }), PROGRESS);
    const [before, began] = [process.cpuUsage(), performance.now()];
    await runLoad(load, role.index, start, sender);
    const { user, system } = process.cpuUsage(before);
    const busy = (user + system) / 1000 / (performance.now() - began);
    await sender.drained();
    clearInterval(progress);
    return { ...sender.result(), busy };
  }
}

function tell(answer: Answer): void {
  process.send?.(answer);
}

if (require.main === module) {
  const participant = new Participant();
  process.on("message", (order: Order) => {
    participant
      .obey(order)
      .then((answer) => answer && tell(answer))
      .catch((error: unknown) =>
        tell({ is: "failed", message: error instanceof Error ? error.message : String(error) }),
      );
  });
  // Whoever started it is gone.
  process.on("disconnect", () => process.exit(1));
}
