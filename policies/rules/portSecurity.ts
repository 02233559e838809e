import { z } from "zod";

import type { Finding, Resource, ResourceRule } from "../rule";
import { fieldsOf, isTrue, known, listOf, textOf } from "../values";
import { isWorld } from "../world";

const config = z.strictObject({});

/** Refuses ports that Neutron neither filters nor keeps from sending with others' addresses. */
export const portSecurity: ResourceRule<z.output<typeof config>> = {
  name: "port-security-on",
  description:
    "Networks and ports keep Neutron's port security and security groups, and no port may send with any address.",
  source: "Neutron API, Port security and Allowed address pairs; OpenStack Security Guide, Networking services",
  level: "mandatory",
  config,
  check: (resource) => (TYPES.includes(resource.type) ? findings(resource) : []),
};

const TYPES: readonly string[] = ["openstack:networking/port:Port", "openstack:networking/network:Network"];

/** The IP version's every address, and nothing smaller. */
const WHOLE = { broadestV4: 1, broadestV6: 1 };

function findings({ props }: Resource): Finding[] {
  const off = known(props["portSecurityEnabled"]) === false;
  const pairs = listOf(props["allowedAddressPairs"]).flatMap((pair) => textOf(fieldsOf(pair)["ipAddress"]) ?? []);
  const any = pairs.filter((address) => isWorld(address, WHOLE));
  return [
    ...(off
      ? [
          {
            found: "`portSecurityEnabled` is false: no security group holds, and any address can be sent with",
            allowed: "true",
            fix: "remove it, and give `allowedAddressPairs` for addresses that move between servers",
          },
        ]
      : []),
    ...(isTrue(props["noSecurityGroups"])
      ? [
          {
            found: "`noSecurityGroups` is true",
            allowed: "at least one security group",
            fix: "give `securityGroupIds`",
          },
        ]
      : []),
    ...any.map((address) => ({
      found: `\`allowedAddressPairs\` has ${address}`,
      allowed: "the addresses that the server shares",
      fix: "name these addresses",
    })),
  ];
}
