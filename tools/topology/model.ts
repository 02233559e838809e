/** A box of the picture: a container (network, zone, cluster) or something that runs. */
export interface Box {
  id: string;
  /** Decides the colour, and the column that the box is as wide as. */
  kind:
    | "services"
    | "external"
    | "template"
    | "network"
    | "gateway"
    | "zone"
    | "routers"
    | "brokers"
    | "cluster"
    | "masters"
    | "nodes";
  title: string;
  lines: string[];
  children: Box[];
  /** What is said on hovering; the title and the lines by default. Nothing is cut here. */
  tooltip?: string[];
  /** Where lines leave to the right. Lines that leave by one port share their first part. */
  ports?: string[];
  /** Whether the box stands for several of a kind; drawn as a pile. */
  pile?: boolean;
}

/** A line with a direction: who uses what. */
export interface Flow {
  id: string;
  kind: "rpc" | "notifications" | "route" | "template";
  /** A box or one of its ports. */
  from: string;
  to: string;
  tooltip: string;
}

/** Lines without a direction between groups of peers; drawn as a label that is tied to every end. */
export interface Bond {
  id: string;
  kind: "mesh" | "cluster";
  /** The groups' boxes. */
  ends: string[];
  /** Links that the bond stands for, or members for a cluster. */
  count: number;
  lines: string[];
}

export interface Graph {
  title: string;
  subtitle: string;
  boxes: Box[];
  flows: Flow[];
  bonds: Bond[];
}

/** What a zone has, from top to bottom. */
export const GROUPS = ["routers", "brokers"] as const;

/** Names that are listed before the rest is counted: more could not be read. */
const MAX_NAMES = 6;

export const groupId = (kind: (typeof GROUPS)[number], zone: string): string => `${kind}-${zone}`;

export function box(id: string, kind: Box["kind"], title: string, lines: string[], children: Box[] = []): Box {
  return { id, kind, title, lines, children };
}

/** `1 link`, `2 links`, `1,024 links`. */
export function counted(count: number, what: string): string {
  return `${thousands(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** Written out rather than left to `toLocaleString`: the picture is the same in every locale. */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The names, or the first of them and how many more there are. */
export function listed(names: readonly string[], max = MAX_NAMES): string[] {
  if (names.length <= max) return [...names];
  return [...names.slice(0, max - 1), `… and ${thousands(names.length - max + 1)} more`];
}

/** Names joined by commas in lines of about so many characters. */
export function wrapped(names: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const [index, name] of names.entries()) {
    const text = index < names.length - 1 && !names[index + 1]?.startsWith("…") ? `${name},` : name;
    const last = lines.at(-1);
    if (last === undefined || last.length + text.length + 1 > width) lines.push(text);
    else lines[lines.length - 1] = `${last} ${text}`;
  }
  return lines;
}
