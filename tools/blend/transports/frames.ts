import type { Socket } from "node:net";

/** Length of what follows, and whose answer it is. */
const HEADER = 8;

/** Writes a message; false when the socket's buffer is full. */
export function writeFrame(socket: Socket, id: number, body: Buffer): boolean {
  const frame = Buffer.allocUnsafe(HEADER + body.length);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(id, 4);
  body.copy(frame, HEADER);
  return socket.write(frame);
}

/** Cuts a stream of bytes into messages. */
export class Frames {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly take: (id: number, body: Buffer) => void) {}

  add(chunk: Buffer): void {
    let all = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (all.length >= HEADER) {
      const end = HEADER + all.readUInt32BE(0);
      if (all.length < end) break;
      // Its own copy: it may be kept longer than what the socket reads into.
      this.take(all.readUInt32BE(4), Buffer.from(all.subarray(HEADER, end)));
      all = all.subarray(end);
    }
    this.rest = all;
  }
}
