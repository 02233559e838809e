import ipaddr from "ipaddr.js";

import { UserError } from "../errors";

/** An IPv4 or IPv6 network, with the arithmetic that the address plan needs. */
export interface Cidr {
  readonly version: 4 | 6;
  /** The first address as a number. */
  readonly base: bigint;
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Reads `10.0.0.0/16` or `fd00::/48`; `field` names the setting in the error. */
export function parseCidr(text: string, field: string): Cidr {
  if (!ipaddr.isValidCIDR(text)) {
    throw new UserError(`\`${field}\` must be a network such as 10.20.0.0/16 or fd00:20::/48, got "${text}".`);
  }
  const [address, prefix] = ipaddr.parseCIDR(text);
  const version = address.kind() === "ipv4" ? 4 : 6;
  const base = address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const network = { version, base, prefix } as const;
  if (base % sizeOf(network) !== 0n) {
    const aligned = formatCidr({ ...network, base: base - (base % sizeOf(network)) });
    throw new UserError(`\`${field}\` has host bits set: got "${text}". Did you mean ${aligned}?`);
  }
  return network;
}

/** How many addresses a network has. */
export function sizeOf(cidr: Pick<Cidr, "version" | "prefix">): bigint {
  return 1n << BigInt(BITS[cidr.version] - cidr.prefix);
}

/** The address `offset` places after the network's first one. */
export function addressAt(cidr: Cidr, offset: bigint | number): string {
  const value = cidr.base + BigInt(offset);
  const bytes: number[] = [];
  for (let shift = BITS[cidr.version] - 8; shift >= 0; shift -= 8) {
    bytes.push(Number((value >> BigInt(shift)) & 255n));
  }
  return ipaddr.fromByteArray(bytes).toString();
}

/** The network as text, compressed the way Neutron prints it, so that no drift appears. */
export function formatCidr(cidr: Cidr): string {
  return `${addressAt(cidr, 0)}/${cidr.prefix}`;
}

/** The `index`-th network of length `prefix` inside `cidr`. */
export function subnetAt(cidr: Cidr, prefix: number, index: number): Cidr {
  const size = 1n << BigInt(BITS[cidr.version] - prefix);
  return { version: cidr.version, base: cidr.base + size * BigInt(index), prefix };
}
