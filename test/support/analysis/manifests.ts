import type { Registered } from "../graph";

/** An object of Kubernetes, as its API takes it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name?: string; namespace?: string };
  [field: string]: unknown;
}

const SECRET_ENVELOPE = "4dabf18193072939515e22adb298388d";

/** What a program would have Kubernetes make, without what Helm makes of charts; secrets are opened. */
export function manifestsOf(graph: readonly Registered[]): Manifest[] {
  return graph.flatMap(({ type, inputs }) => {
    const [, group, version, kind] = /^kubernetes:(.+)\/(v[^/:]+):(\w+)$/.exec(type) ?? [];
    if (group === undefined || version === undefined || kind === undefined || group === "helm.sh") return [];
    const api = group === "core" ? version : `${apiGroup(group)}/${version}`;
    const { metadata = {}, ...fields } = opened(inputs) as Partial<Manifest>;
    return [{ ...fields, apiVersion: api, kind, metadata }];
  });
}

/** The SDK names a group of Kubernetes' own by its first word. */
function apiGroup(group: string): string {
  return ["apps", "batch", "policy", "autoscaling"].includes(group) || group.includes(".") ? group : `${group}.k8s.io`;
}

/** A value without the envelopes of secrets. */
export function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (SECRET_ENVELOPE in fields) return opened(fields["value"]);
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, opened(field)]));
}

/** What of a graph is open text: all but what is in secrets' envelopes. */
export function openText(graph: readonly Registered[]): string {
  return JSON.stringify(graph, (_, value: unknown) =>
    typeof value === "object" && value !== null && SECRET_ENVELOPE in value ? "secret" : value,
  );
}
