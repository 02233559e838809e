import ipaddr from "ipaddr.js";

/** How broad a range of public addresses may be: shorter prefixes are the world. */
export interface Breadth {
  broadestV4: number;
  broadestV6: number;
}

/**
 * Addresses that nobody on the internet has. Sources: RFC 1918, RFC 6598, RFC 3927, RFC 1122; RFC 4193, RFC 4291.
 */
const PRIVATE = {
  ipv4: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"],
  ipv6: ["fc00::/7", "fe80::/10", "::1/128"],
} as const;

/** Whether a range is so broad that it is everybody; so is an empty one. One that is no range is not judged. */
export function isWorld(range: string, { broadestV4, broadestV6 }: Breadth): boolean {
  if (range === "") return true;
  const network = networkOf(range);
  if (network === undefined) return false;
  const [address, prefix] = network;
  const kind = address.kind();
  const within = PRIVATE[kind].some((text) => {
    const [base, length] = ipaddr.parseCIDR(text);
    return prefix >= length && address.match([base, length] as never);
  });
  return !within && prefix < (kind === "ipv4" ? broadestV4 : broadestV6);
}

/** A network, or an address alone; `::ffff:0.0.0.0/96` and the like are the IPv4 networks that they contain. */
function networkOf(range: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  const single = ipaddr.isValid(range) && !range.includes("/");
  if (!single && !ipaddr.isValidCIDR(range)) return undefined;
  const parsed = single ? ipaddr.parse(range) : undefined;
  if (parsed !== undefined) return [parsed, parsed.kind() === "ipv4" ? 32 : 128];
  const [address, prefix] = ipaddr.parseCIDR(range);
  const mapped = address.kind() === "ipv6" && prefix >= 96 && (address as ipaddr.IPv6).isIPv4MappedAddress();
  return mapped ? [(address as ipaddr.IPv6).toIPv4Address(), prefix - 96] : [address, prefix];
}
