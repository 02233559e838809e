import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

import { Frames, writeFrame } from "./frames";
import { Pending } from "./pending";
import { simulation } from "./simulation";
import { type Client, type Listening, SendError, type Server, type Target, type Transport } from "./transport";

/** A message that wants no answer. */
const NO_ANSWER = 0;

/**
 * A middleware of known behaviour over plain TCP: it answers after `latency` ms, loses the part `loss`, and stalls for
 * `stall` ms in every `period` ms. Against it the tool is tested; without any of them it shows the tool's own ceiling.
 */
export const simulated: Transport = {
  direct: true,
  patterns: () => ({ call: "one", cast: "one", fanout: "each", notification: "one" }),
  connect: (target) => SimulatedClient.open(target),
  serve: serveSimulated,
};

class SimulatedClient implements Client {
  private readonly answers = new Pending<number, Buffer>();
  private next = 0;
  private turn = 0;

  private constructor(private readonly sockets: Socket[]) {
    for (const socket of sockets) {
      const frames = new Frames((id, body) => this.answers.resolve(id, body));
      socket.on("data", (chunk: Buffer) => frames.add(chunk)).on("error", () => undefined);
    }
  }

  static async open({ endpoints }: Target): Promise<SimulatedClient> {
    const sockets = endpoints.map(({ host, port }) => connect({ host, port, noDelay: true }));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    return new SimulatedClient(sockets);
  }

  call(_topic: string, body: Buffer, timeoutMs: number): Promise<Buffer> {
    const id = ++this.next;
    const answered = this.answers.wait(id, timeoutMs);
    this.write(this.sockets[this.turn++ % this.sockets.length], id, body).catch(() => undefined);
    return answered;
  }

  async send(pattern: string, _topic: string, body: Buffer): Promise<void> {
    const to = pattern === "fanout" ? this.sockets : [this.sockets[this.turn++ % this.sockets.length]];
    await Promise.all(to.map((socket) => this.write(socket, NO_ANSWER, body)));
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return Promise.resolve();
  }

  private async write(socket: Socket | undefined, id: number, body: Buffer): Promise<void> {
    if (socket === undefined || socket.destroyed) throw new SendError("disconnected", "the connection was lost");
    if (!writeFrame(socket, id, body)) await once(socket, "drain");
  }
}

async function serveSimulated(target: Target, { pattern, index, handle }: Listening): Promise<Server> {
  const delayed = simulation(target.options);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const frames = new Frames((id, body) => {
      delayed(() => {
        const answer = handle(body);
        if (pattern === "call" && Buffer.isBuffer(answer) && !socket.destroyed) writeFrame(socket, id, answer);
      });
    });
    socket.on("data", (chunk: Buffer) => frames.add(chunk)).on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  const { host, port } = target.endpoints[index] ?? {};
  server.listen(port, host);
  await once(server, "listening");
  return {
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
