import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { UserError } from "../errors";
import { type Release, RELEASES } from "../releases";
import { besideSource } from "../sources";
import type { Driver } from "./drivers";
import { driverNames } from "./engines/registry";
import { within } from "./magnum";
import type { Site } from "./matrix";
import { labelsSchema, templateValuesSchema, type TemplateValues } from "./values";

/** Labels that go together: for some drivers, over some releases, perhaps at CERN only. */
const labelSet = z.strictObject({
  drivers: z.array(z.enum(driverNames())).min(1),
  since: z.enum(RELEASES).optional(),
  until: z.enum(RELEASES).optional(),
  magnum: z.enum(["upstream", "cern"]).optional(),
  source: z.string().min(1),
  set: labelsSchema,
});

const entrySchema = z.strictObject({
  description: z.string().min(1),
  values: templateValuesSchema.omit({ engine: true, labels: true }),
  labels: z.array(labelSet).default([]),
});

const fileSchema = z.strictObject({
  engine: z.string().min(1),
  labels: z.array(labelSet).default([]),
  templates: z.record(z.string(), entrySchema),
});

type LabelSet = z.output<typeof labelSet>;

/** A template of the catalogue: values without those that only a site knows, such as image and flavor. */
export interface CatalogueEntry {
  /** `engine/name`, as a template's `from` has it. */
  name: string;
  engine: string;
  description: string;
  /** The file, from the project's root. */
  file: string;
  values: TemplateValues;
  labels: readonly LabelSet[];
}

let loaded: ReadonlyMap<string, CatalogueEntry> | undefined;

/**
 * The catalogue, read and checked once.
 * @throws Error where a file of it is wrong: it is part of the project.
 */
export function catalogue(): ReadonlyMap<string, CatalogueEntry> {
  loaded ??= new Map(
    readdirSync(folder())
      .filter((file) => file.endsWith(".yaml"))
      .sort()
      .flatMap((file) => entriesOf(file, readFileSync(join(folder(), file), "utf8")))
      .map((entry) => [entry.name, entry]),
  );
  return loaded;
}

/** Reads one file of a catalogue. */
export function entriesOf(file: string, text: string): CatalogueEntry[] {
  const { success, data, error } = fileSchema.safeParse(parse(text));
  if (!success) throw new Error(`catalogue/${file}: ${z.prettifyError(error)}`);
  return Object.entries(data.templates).map(([name, entry]) => ({
    name: `${data.engine}/${name}`,
    engine: data.engine,
    description: entry.description,
    file: `components/clusters/catalogue/${file}`,
    values: entry.values,
    labels: [...data.labels, ...entry.labels],
  }));
}

/** @throws UserError naming the field and what the catalogue has. */
export function catalogueEntry(from: string, field: string): CatalogueEntry {
  const entry = catalogue().get(from);
  if (entry === undefined) {
    throw new UserError(`\`${field}\` must be one of ${[...catalogue().keys()].join(", ")}, got "${from}".`);
  }
  return entry;
}

/** The labels that an entry gives a driver of a release. */
export function catalogueLabels(
  entry: CatalogueEntry,
  release: Release,
  driver: Driver,
  site?: Site,
): TemplateValues["labels"] {
  const at = site?.magnum ?? "upstream";
  const sets = entry.labels.filter(
    ({ drivers, magnum = at, ...span }) => drivers.includes(driver) && within(release, span) && magnum === at,
  );
  return Object.assign({}, ...sets.map(({ set }) => set)) as TemplateValues["labels"];
}

/** The catalogue's folder; compiled programs find it in the sources. */
function folder(): string {
  return besideSource(__dirname, "catalogue");
}
