import type { Connection, Delivery, EventContext, Message, Sender } from "rhea";

import { Pending } from "./pending";
import { SendError } from "./transport";

interface Waiting {
  id: number;
  make: () => Message;
  ready: () => boolean;
}

/** Sends on one link: in order, only with credit, and knows what became of each message. */
export class Amqp10Sender {
  private readonly sender: Sender;
  private readonly outcomes = new Pending<number, void>();
  private readonly deliveries = new Map<Delivery, number>();
  private queue: Waiting[] = [];
  private next = 0;

  /** Without an address every message says where to. */
  constructor(
    private readonly connection: Connection,
    address: string | undefined,
  ) {
    this.sender = connection.open_sender({ target: address === undefined ? {} : { address } });
    this.sender.on("sendable", () => this.flush());
    this.sender.on("accepted", ({ delivery }: EventContext) => this.settle(delivery));
    this.sender.on("released", ({ delivery }: EventContext) => this.settle(delivery, "absent"));
    this.sender.on("modified", ({ delivery }: EventContext) => this.settle(delivery, "absent"));
    this.sender.on("rejected", ({ delivery }: EventContext) => this.settle(delivery, "refused"));
    // A router refuses or closes the link to an address that nobody has; a timeout tells it to whoever waits.
    this.sender.on("sender_error", () => undefined);
  }

  /** Resolves when the message is accepted. `ready`: whether it may go already. */
  send(make: () => Message, timeoutMs: number, ready: () => boolean = () => true): Promise<void> {
    const id = this.next++;
    const outcome = this.outcomes.wait(id, timeoutMs);
    this.queue.push({ id, make, ready });
    this.flush();
    return outcome;
  }

  /** Nobody knows what became of what was under way. */
  disconnected(): void {
    this.deliveries.clear();
    this.queue = [];
    this.outcomes.rejectAll(new SendError("disconnected", "the connection was lost"));
  }

  private flush(): void {
    while (this.queue.length > 0 && this.connection.is_open() && this.sender.sendable()) {
      const [first] = this.queue;
      if (first === undefined || !first.ready()) return;
      this.queue.shift();
      // Whoever waited for it has given up.
      if (!this.outcomes.has(first.id)) continue;
      this.deliveries.set(this.sender.send(first.make()), first.id);
    }
  }

  private settle(delivery: Delivery | undefined, failed?: "absent" | "refused"): void {
    const id = delivery && this.deliveries.get(delivery);
    if (delivery === undefined || id === undefined) return;
    this.deliveries.delete(delivery);
    if (failed === undefined) this.outcomes.resolve(id);
    else this.outcomes.reject(id, new SendError(failed, `the message was not accepted (${failed})`));
  }
}
