import type { HostFile, HostOpening } from "./plan";

/**
 * The server's own firewall (nftables), a second wall behind the security groups: only the role's ports, and SSH from
 * operators' ranges. Containers share the host's network, so that podman adds no rules.
 */
export function firewallFile(openings: readonly HostOpening[], adminCidrs: readonly string[] = []): HostFile {
  const ssh: HostOpening[] = adminCidrs.length === 0 ? [] : [{ port: 22, from: adminCidrs }];
  return {
    path: "/etc/nftables.conf",
    mode: "0755",
    content: `#!/usr/sbin/nft -f
# Loaded at every boot by nftables.service. Only this table is touched.
table inet fabric
delete table inet fabric
table inet fabric {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    ct state invalid drop
    iif lo accept
    # ICMP and ICMPv6, by number, since a small image has no /etc/protocols: path MTU, neighbours, ping.
    meta l4proto { 1, 58 } accept
    # Answers to DHCP are not seen as belonging to what was asked by broadcast or multicast.
    udp sport 67 udp dport 68 accept
    ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept
${[...openings, ...ssh].flatMap(rules).join("\n")}
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
}
`,
  };
}

function rules({ port, lastPort = port, from }: HostOpening): string[] {
  const ports = lastPort === port ? `${port}` : `${port}-${lastPort}`;
  if (from === undefined) return [`    tcp dport ${ports} accept`];
  const sets: [string, string[]][] = [
    ["ip", from.filter((range) => !range.includes(":"))],
    ["ip6", from.filter((range) => range.includes(":"))],
  ];
  return sets
    .filter(([, ranges]) => ranges.length > 0)
    .map(([family, ranges]) => `    ${family} saddr { ${[...ranges].sort().join(", ")} } tcp dport ${ports} accept`);
}
