import type { Dealer, MessageLike } from "zeromq";

import { SendError } from "./transport";

/** Sends on one socket, which takes one message after the other, and waits where the peer does not keep up. */
export class SendQueue {
  private last: Promise<unknown> = Promise.resolve();
  /** Peers that are connected. */
  peers = 0;
  private readonly firstPeer: Promise<void>;

  constructor(
    private readonly socket: Dealer,
    addresses: readonly string[],
    answered: (id: Buffer, body: Buffer) => void,
  ) {
    this.firstPeer = new Promise((resolve) => {
      socket.events.on("handshake", () => {
        this.peers += 1;
        resolve();
      });
    });
    socket.events.on("disconnect", () => (this.peers = Math.max(0, this.peers - 1)));
    // Only now: who connects before is not heard of.
    for (const address of addresses) socket.connect(address);
    const read = async () => {
      for await (const [id, body] of socket) if (id !== undefined && body !== undefined) answered(id, body);
    };
    // It ends when the socket is closed.
    read().catch(() => undefined);
  }

  connected(): Promise<void> {
    return this.firstPeer;
  }

  /** `make` gives what is to be sent when its turn has come; nothing when it is too late. */
  send(make: () => MessageLike[] | undefined): Promise<void> {
    const sent = this.last.then(async () => {
      const frames = make();
      if (frames !== undefined) await this.socket.send(frames);
    });
    this.last = sent.catch(() => undefined);
    return sent;
  }

  sendWithin(frames: MessageLike[], timeoutMs: number): Promise<void> {
    let late = false;
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        late = true;
        reject(new SendError("timeout", `not taken within ${timeoutMs} ms`));
      }, timeoutMs);
      this.send(() => (late ? undefined : frames))
        .then(resolve, (error: unknown) => reject(new SendError("refused", String(error))))
        .finally(() => clearTimeout(timer));
    });
  }

  close(): void {
    this.socket.close();
  }
}
