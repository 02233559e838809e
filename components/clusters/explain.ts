import type { Release } from "../releases";
import { labelTable } from "./labels";
import type { LabelFacts } from "./labels/label";
import { mergeLayers, type Merged, type Valued } from "./layers";
import { magnumOf } from "./magnum";
import type { Site } from "./matrix";
import type { TemplatePlan } from "./templatePlan";

/** A value as a person is told it. */
export interface Explained extends Valued {
  /** Attribute, or `labels.<name>`. */
  name: string;
  /** Such as `GiB`. */
  unit?: string;
  meaning?: string;
}

/** What a template or a cluster consists of. */
export interface Explanation {
  /** Its name in Magnum. */
  name: string;
  engine: string;
  driver: string;
  /** Version of Magnum. */
  magnum: string;
  values: Explained[];
}

const UNITS: Readonly<Record<string, string>> = { dockerVolumeSize: "GiB" };

/** Every value of a template, in the order of their names, attributes before labels. */
export function explainTemplate(plan: TemplatePlan, release: Release, site?: Site): Explanation {
  return explanation(plan.name, plan, plan.merged, release, site);
}

/** A cluster of a template: the template's values under its own labels. */
export function explainCluster(
  cluster: { name: string; key: string; labels: Readonly<Record<string, string>> },
  template: TemplatePlan,
  context: { release: Release; site?: Site; source: string },
): Explanation {
  const { name, key, labels } = cluster;
  const own = mergeLayers([
    { name: "cluster", source: context.source, field: `clusters.clusters.${key}`, sent: true, values: { labels } },
  ]);
  return explanation(name, template, over(template.merged, own), context.release, context.site);
}

/** Values over others; what they take the place of is kept. */
function over(below: Merged, above: Merged): Merged {
  const put = ([name, valued]: [string, Valued]): [string, Valued] => {
    const before = below[name];
    if (before === undefined) return [name, valued];
    const { layer, source, value } = before;
    return [name, { ...valued, overrides: [{ layer, source, value }, ...before.overrides] }];
  };
  return { ...below, ...Object.fromEntries(Object.entries(above).map(put)) };
}

function explanation(
  name: string,
  { engine, driver }: TemplatePlan,
  merged: Merged,
  release: Release,
  site: Site | undefined,
): Explanation {
  const table = labelTable(driver, release, site);
  const values = Object.entries(merged)
    .map(([key, valued]): Explained => ({ name: key, ...valued, ...wordsOf(key, table) }))
    .sort((a, b) => order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1));
  return { name, engine, driver, magnum: magnumOf(release).version, values };
}

const order = (name: string) => (name.startsWith("labels.") ? 1 : 0);

function wordsOf(key: string, table: Readonly<Record<string, LabelFacts>>): { unit?: string; meaning?: string } {
  const facts = key.startsWith("labels.") ? table[key.slice("labels.".length)] : undefined;
  const unit = facts?.unit ?? UNITS[key];
  return { ...(unit !== undefined && { unit }), ...(facts?.meaning !== undefined && { meaning: facts.meaning }) };
}
