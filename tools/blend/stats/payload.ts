/** Bytes at the beginning of every message that say what it is; messages cannot be smaller. */
export const HEADER_BYTES = 20;

/** What a message says of itself. */
export interface Identity {
  /** When it was meant to be sent, in milliseconds of the machine's clock. */
  intended: number;
  sender: number;
  /** Counted by its sender, from 0. */
  sequence: number;
  /** False during the warm-up. */
  counted: boolean;
}

/** A message of a size, in bytes. */
export function writePayload(identity: Identity, size: number): Buffer {
  const body = Buffer.alloc(Math.max(size, HEADER_BYTES), "x");
  body.writeDoubleBE(identity.intended, 0);
  body.writeUInt32BE(identity.sender, 8);
  body.writeUInt32BE(identity.sequence, 12);
  body.writeUInt32BE(identity.counted ? 1 : 0, 16);
  return body;
}

export function readIdentity(body: Buffer): Identity {
  return {
    intended: body.readDoubleBE(0),
    sender: body.readUInt32BE(8),
    sequence: body.readUInt32BE(12),
    counted: body.readUInt32BE(16) === 1,
  };
}
