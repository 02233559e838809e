/** Where a template's values come from, the weakest first. */
export const LAYER_NAMES = ["release", "driver", "project", "catalogue", "site", "template", "cluster"] as const;
export type LayerName = (typeof LAYER_NAMES)[number];

/** Values of one origin. */
export interface ValueLayer {
  name: LayerName;
  /** Where a person finds them: a file, a package, a field. */
  source: string;
  /** Path of the values in the source, such as `clusters.site.defaults`; for errors. */
  field: string;
  /** Whether Magnum is told. What release and driver do by themselves is only shown. */
  sent: boolean;
  values: Readonly<Record<string, unknown>>;
}

/** A value and its origin. */
export interface Valued {
  value: unknown;
  layer: LayerName;
  source: string;
  /** Path in the source, such as `clusters.templates.ha.labels.kube_tag`. */
  field: string;
  sent: boolean;
  /** What it took the place of, the nearest first. */
  overrides: readonly { layer: LayerName; source: string; value: unknown }[];
}

/** Values by attribute; labels by `labels.<name>`. */
export type Merged = Readonly<Record<string, Valued>>;

/**
 * Merges layers, the later over the earlier ones, label by label, and remembers where every value came from. A value
 * that is undefined says nothing.
 */
export function mergeLayers(layers: readonly ValueLayer[]): Merged {
  const merged: Record<string, Valued> = {};
  for (const { name, source, field, sent, values } of layers) {
    for (const [key, value] of flattened(values)) {
      const before = merged[key];
      const overrides =
        before === undefined
          ? []
          : [{ layer: before.layer, source: before.source, value: before.value }, ...before.overrides];
      merged[key] = { value, layer: name, source, field: `${field}.${key}`, sent, overrides };
    }
  }
  return merged;
}

/** Values that are given, with labels side by side with attributes. */
function flattened(values: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(values)
    .flatMap(([key, value]): [string, unknown][] =>
      key === "labels" ? Object.entries(value ?? {}).map(([name, label]) => [`labels.${name}`, label]) : [[key, value]],
    )
    .filter(([, value]) => value !== undefined);
}

/** The values that Magnum is told, as a template has them. */
export function sentValues(merged: Merged): Record<string, unknown> & { labels: Record<string, unknown> } {
  const sent = Object.entries(merged).filter(([, valued]) => valued.sent);
  const isLabel = (key: string) => key.startsWith("labels.");
  return {
    ...Object.fromEntries(sent.filter(([key]) => !isLabel(key)).map(([key, { value }]) => [key, value])),
    labels: Object.fromEntries(
      sent.filter(([key]) => isLabel(key)).map(([key, { value }]) => [key.slice("labels.".length), value]),
    ),
  };
}
