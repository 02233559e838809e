import { createServer, type Server, type Socket } from "node:net";

interface Registration {
  name: string;
  port: number;
  /** What the node said of itself, to be repeated to those who ask for it. */
  type: number;
  protocol: number;
  versions: Buffer;
}

/**
 * Erlang's port mapper for nodes that stand for hosts of their own on one loopback: each is found only at its own
 * address, so that all may be called `rabbit`. The real one takes one node of a name, whatever the address.
 * https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html
 */
export class Epmd {
  /** Addresses of nodes by their distribution port, which is all that a node tells of itself. */
  readonly addresses = new Map<number, string>();
  private readonly registered = new Set<Registration>();

  private constructor(private readonly server: Server) {}

  /** Listens on a free port, at every address. */
  static async start(): Promise<Epmd> {
    const server = createServer();
    const epmd = new Epmd(server);
    server.on("connection", (socket) => epmd.serve(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "0.0.0.0", resolve);
    });
    server.unref();
    return epmd;
  }

  get port(): number {
    const address = this.server.address();
    if (typeof address !== "object" || address === null) throw new Error("the port mapper does not listen");
    return address.port;
  }

  stop(): void {
    this.server.close();
  }

  private serve(socket: Socket): void {
    let received = Buffer.alloc(0);
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const request = received.subarray(2, 2 + received.readUInt16BE(0));
      received = Buffer.alloc(0);
      if (request[0] === 120) this.register(socket, request);
      else if (request[0] === 122) this.find(socket, request.toString("latin1", 1));
      else if (request[0] === 110) this.names(socket);
      else socket.destroy();
    });
  }

  /** ALIVE2_REQ; a node is registered as long as its connection stands. */
  private register(socket: Socket, request: Buffer): void {
    const nameLength = request.readUInt16BE(9);
    const node: Registration = {
      port: request.readUInt16BE(1),
      type: request.readUInt8(3),
      protocol: request.readUInt8(4),
      versions: Buffer.from(request.subarray(5, 9)),
      name: request.toString("latin1", 11, 11 + nameLength),
    };
    this.registered.add(node);
    socket.once("close", () => this.registered.delete(node));
    // ALIVE2_X_RESP, with a creation that differs from start to start.
    const answer = Buffer.from([118, 0, 0, 0, 0, 0]);
    answer.writeUInt32BE((Date.now() & 0x7fffffff) + 4, 2);
    socket.write(answer);
  }

  /** PORT_PLEASE2_REQ. */
  private find(socket: Socket, name: string): void {
    const node = this.at(socket).find((candidate) => candidate.name === name);
    if (node === undefined) {
      socket.end(Buffer.from([119, 1]));
      return;
    }
    const answer = Buffer.alloc(12 + name.length + 2);
    answer.set([119, 0]);
    answer.writeUInt16BE(node.port, 2);
    answer.set([node.type, node.protocol], 4);
    answer.set(node.versions, 6);
    answer.writeUInt16BE(name.length, 10);
    answer.write(name, 12, "latin1");
    socket.end(answer);
  }

  /** NAMES_REQ. */
  private names(socket: Socket): void {
    const port = Buffer.alloc(4);
    port.writeUInt32BE(this.port);
    const lines = this.at(socket).map((node) => `name ${node.name} at port ${node.port}\n`);
    socket.end(Buffer.concat([port, Buffer.from(lines.join(""))]));
  }

  /** The nodes of the host that is asked; RabbitMQ's tools listen on every address, by names that are theirs alone. */
  private at(socket: Socket): Registration[] {
    const asked = socket.localAddress;
    return [...this.registered].filter(({ port }) => (this.addresses.get(port) ?? asked) === asked);
  }
}
