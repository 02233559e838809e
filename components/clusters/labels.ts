import { closest } from "fastest-levenshtein";

import { UserError } from "../errors";
import type { Release } from "../releases";
import type { Driver } from "./drivers";
import { findDriver } from "./engines/registry";
import { CERN_LABELS } from "./labels/cern";
import type { LabelTable } from "./labels/label";
import { allowed, normalised, type LabelValue } from "./labels/value";
import { magnumOf } from "./magnum";
import type { Site } from "./matrix";

export type { LabelValue } from "./labels/value";

export interface LabelRequest {
  /** Where the labels stand in the configuration, such as `clusters.templates.small.labels`. */
  field: string;
  /** Where one of them stands, if not there. */
  fieldOf?: (name: string) => string | undefined;
  release: Release;
  driver: Driver;
  labels: Readonly<Record<string, LabelValue>>;
  /** Whether they are a template's or a cluster's. Default `template`. */
  level?: "template" | "cluster";
  /** Labels that the driver does not know pass, with a warning. Default false. */
  acceptUnknownLabels?: boolean;
  site?: Site;
}

/** Labels as they are sent: texts, in the order of their names. */
export interface CheckedLabels {
  labels: Record<string, string>;
  /** Labels that passed although nobody knows them. */
  warnings: string[];
}

/**
 * Checks labels against what the driver of a release takes.
 * @throws UserError with every label that is wrong: what was given, what is allowed.
 */
export function checkLabels(request: LabelRequest): CheckedLabels {
  const table = labelTable(request.driver, request.release, request.site);
  const findings: string[] = [];
  const checked: CheckedLabels = { labels: {}, warnings: [] };
  for (const [name, given] of Object.entries(request.labels).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const facts = table[name];
    const field = `\`${request.fieldOf?.(name) ?? `${request.field}.${name}`}\``;
    if (facts === undefined) {
      const why = unknown(name, table, request);
      if (request.acceptUnknownLabels !== true) findings.push(`${field} ${why}`);
      else checked.warnings.push(`${field} ${why} It is passed on, since \`acceptUnknownLabels\` says so.`);
      checked.labels[name] = String(given);
      continue;
    }
    const text = normalised(facts, given);
    if (text === undefined) findings.push(`${field} must be ${allowed(facts)}, got ${JSON.stringify(given)}.`);
    else if (facts.templateOnly === true && request.level === "cluster") {
      findings.push(`${field} is a template's label; a cluster's is ignored. Set it in the template.`);
    } else checked.labels[name] = text;
  }
  if (findings.length > 0) throw UserError.all(findings);
  return checked;
}

/** The labels of a driver at a release, with those of the site's own Magnum. */
export function labelTable(driver: Driver, release: Release, site?: Site): LabelTable {
  const found = findDriver(driver);
  if (found === undefined) throw new Error(`no driver ${driver}`);
  const own = found.driver.labels(release);
  return site?.magnum === "cern" && found.engine.name === "kubernetes" ? { ...CERN_LABELS, ...own } : own;
}

const isCern = (name: string) => name in CERN_LABELS || /^(cvmfs|eos|cern)_/.test(name);

/** Why a label is not taken, and what to do. */
function unknown(name: string, table: LabelTable, { driver, release, site }: LabelRequest): string {
  const where = `${driver} of ${release} (Magnum ${magnumOf(release).version})`;
  if (isCern(name) && site?.magnum !== "cern") {
    return (
      `is a label of CERN's own Magnum, which ${where} ignores. The analysis layer installs CVMFS and EOS by their CSI charts; ` +
      "where the cloud is CERN's, say so by `clusters.site.magnum: cern`."
    );
  }
  if (name === "master_lb_enabled") return "is an attribute, not a label: set `masterLoadBalancer`.";
  const names = Object.keys(table);
  const hint = names.length === 0 ? "It has none." : `Did you mean \`${closest(name, names)}\`?`;
  return `is not known to ${where}, which ignores it. ${hint} To pass it all the same, set \`acceptUnknownLabels: true\`.`;
}
