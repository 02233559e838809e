/** What happens to something, by an update. */
export const OPERATIONS = ["create", "update", "replace", "delete"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Signs of operations, for those who do not see their colours. */
export const SIGNS: Readonly<Record<Operation, string>> = { create: "+", update: "~", replace: "±", delete: "−" };

/** A box of the picture: a container (network, zone, cluster) or something that runs. */
export interface Box {
  id: string;
  /** Decides the colour, and the column that the box is as wide as. */
  kind:
    | "stack"
    | "services"
    | "external"
    | "template"
    | "network"
    | "gateway"
    | "zone"
    | "routers"
    | "edges"
    | "brokers"
    | "cluster"
    | "masters"
    | "nodes"
    | "nodegroup"
    | "workload"
    | "site";
  title: string;
  lines: string[];
  children: Box[];
  /** What is said on hovering; the title and the lines by default. Nothing is cut here. */
  tooltip?: string[];
  /** Where lines leave to the right. Lines that leave by one port share their first part. */
  ports?: string[];
  /** Whether the box stands for several of a kind; drawn as a pile. */
  pile?: boolean;
  /** What happens to it, in a picture of a change. */
  change?: BoxChange;
}

export interface BoxChange {
  /** The one operation on all of the box, if it is one. */
  whole?: Operation;
  /** Members by operation; empty where nothing happens. */
  counts: Partial<Record<Operation, number>>;
  /** Whether the box is one thing: its operation is then not counted. */
  single: boolean;
}

/** A line with a direction: who uses what. */
export interface Flow {
  id: string;
  kind: "rpc" | "notifications" | "route" | "template";
  /** A box or one of its ports. */
  from: string;
  to: string;
  tooltip: string;
  /** Whether what it leads to is removed. */
  gone?: boolean;
}

/** Lines without a direction between groups of peers; drawn as a label that is tied to every end. */
export interface Bond {
  id: string;
  kind: "mesh" | "cluster";
  /** The groups' boxes. */
  ends: string[];
  /** A box to the right of the label that the links lead to: another site. */
  to?: string;
  /** Id of the box that the label stands in; none for the picture itself. */
  within?: string;
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
  /** Of a picture of a change: how many resources each operation is done to. */
  operations?: Partial<Record<Operation, number>>;
  /** Lines below the picture. */
  notes: string[];
  /** What changes, in words, for those who cannot see it. */
  description: string[];
}

/** Names that are listed before the rest is counted: more could not be read. */
export const MAX_NAMES = 6;

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

/** Numbers by their values, `rack-2` before `rack-10`; in every locale the same. */
const NATURAL = new Intl.Collator("en", { numeric: true });

export function byText(a: string, b: string): number {
  return NATURAL.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
