import { changedFirst, type Changes, changeOfAll, reasonsOf, signed } from "./changes";
import type { Inventory, Role, Server } from "./inventory";
import { ROLES } from "./inventory";
import { type Box, box, byText, counted, listed, MAX_NAMES, OPERATIONS, SIGNS, thousands } from "./model";

/** Id of the box of one role in one zone; servers whose zone nobody knows stand in the network itself. */
export const groupId = (role: Role, zone: string | undefined): string =>
  zone === undefined ? `${role}:` : `${role}-${zone}`;

/** Servers of one zone: a box a role, so that any number is readable. */
export function serverBoxes(inventory: Inventory, zone: string | undefined, changes: Changes | undefined): Box[] {
  return ROLES.flatMap((role) => {
    const members = inventory.servers.filter((server) => server.role === role && server.zone === zone);
    return members.length === 0 ? [] : [groupBox(inventory, role, zone, members, changes)];
  });
}

function groupBox(
  inventory: Inventory,
  role: Role,
  zone: string | undefined,
  members: readonly Server[],
  changes: Changes | undefined,
): Box {
  const sorted = changedFirst(members, changes);
  const staying = members.filter((member) => changes?.get(member.key)?.operation !== "delete");
  const lines = role === "edges" ? edgeLines(sorted, changes) : listed(sorted.map((member) => nameOf(member, changes)));
  const facts = factsOf(inventory, role, zone, staying.length === 0 ? members : staying);
  const title = counted(staying.length === 0 ? members.length : staying.length, nounOf(inventory, role));
  const change = changeOfAll(
    changes,
    members.map((member) => member.key),
  );
  const tooltip = [
    ...sorted.flatMap((member) => [nameOf(member, changes), ...reasonsOf(changes, member.key)]),
    ...facts,
  ];
  return { ...box(groupId(role, zone), role, title, [...lines, ...facts]), tooltip, change };
}

function nounOf({ software }: Inventory, role: Role): string {
  return { routers: "dispatch router", edges: "edge router", brokers: software }[role];
}

function nameOf({ key, hostName, address }: Server, changes: Changes | undefined): string {
  return signed(address === undefined ? hostName : `${hostName}  ${address}`, key, changes);
}

/** A line a rack or service, those with changes first: first and last number, how many, and what changes of them. */
function edgeLines(members: readonly Server[], changes: Changes | undefined): string[] {
  const racks = [...Map.groupBy(members, (member) => member.group ?? "")];
  const calm = (edges: readonly Server[]) => Number(!edges.some(({ key }) => changes?.has(key)));
  const sorted = racks.sort(([a, x], [b, y]) => calm(x) - calm(y) || byText(a, b));
  const lines = sorted.map(([group, edges]) => edgeLine(group, edges, changes));
  return listed(lines, MAX_NAMES);
}

function edgeLine(group: string, edges: readonly Server[], changes: Changes | undefined): string {
  const numbers = edges.map(({ hostName }) => /\d+$/.exec(hostName)?.[0] ?? hostName);
  numbers.sort((a, b) => Number(a) - Number(b));
  const [first = "", last = ""] = [numbers[0], numbers.at(-1)];
  const range = first === last ? first : `${first}–${last}`;
  const { counts = {} } =
    changeOfAll(
      changes,
      edges.map((edge) => edge.key),
    ) ?? {};
  const marks = OPERATIONS.filter((operation) => counts[operation] !== undefined).map(
    (operation) => `${SIGNS[operation]}${thousands(counts[operation] ?? 0)}`,
  );
  return [`${group} ${range}`, `×${thousands(edges.length)}`, ...marks].join("  ");
}

/** Flavors, and links inside the zone. */
function factsOf(inventory: Inventory, role: Role, zone: string | undefined, members: readonly Server[]): string[] {
  const all = [...new Set(members.map((member) => member.facts))].sort(byText);
  // Of a server that changes a preview may know less than of one that is made.
  const facts = all.filter((fact) => fact !== "" && !all.some((other) => other.startsWith(`${fact} ·`)));
  const inside = inventory.links
    .filter(
      (link) => link.role === role && link.site === undefined && link.zones.length === 1 && link.zones[0] === zone,
    )
    .map((link) => link.lines.join(" · "));
  if (role === "routers") return [[...listed(facts, 3), ...inside].join(" · ")].filter((line) => line !== "");
  return [...listed(facts, 3), ...inside];
}
