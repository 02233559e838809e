import { UserError } from "../../components/errors";
import { RELEASES } from "../../components/releases";
import { schemaFindings, suggest } from "../../components/schemaFindings";
import { needsNoCloud } from "./given";
import { platformFindings } from "./platform";
import { SECTIONS, type Section, type StackConfig } from "./schema";

/** Where a value came from, for errors. */
export interface ConfigSource {
  /** The file, such as `stacks/Pulumi.dev.yaml`. */
  file: string;
  /** The line (from 1) of a path of keys in the file, if it can be found. */
  lineOf?: (path: readonly PropertyKey[]) => number | undefined;
  /** Sections whose values are secrets, and so are not quoted. */
  secret?: ReadonlySet<string>;
}

/** Checks all sections at once and reports every mistake: its path, what was given, what is allowed, and the file. */
export function parseConfig(sections: Readonly<Record<string, unknown>>, source: ConfigSource): StackConfig {
  const findings = Object.keys(sections)
    .filter((key) => !(key in SECTIONS))
    .map((key) => finding(source, [key], `\`${key}\` is not a section; ${suggest(key, Object.keys(SECTIONS))}`));
  const cloudless = needsNoCloud(sections);
  if (sections["cloud"] === undefined && !cloudless) {
    findings.push(
      finding(source, [], '`cloud` is missing; it must say at least `release`, such as `release: "2026.1"`'),
    );
  }
  const parsed: Record<string, unknown> = { reads: {}, ...(cloudless && { cloud: { release: RELEASES.at(-1) } }) };
  for (const key of Object.keys(SECTIONS) as Section[]) {
    if (sections[key] === undefined) continue;
    const result = SECTIONS[key].safeParse(sections[key]);
    if (result.success) parsed[key] = result.data;
    else {
      const options = { prefix: [key], secret: source.secret?.has(key) ?? false };
      const found = schemaFindings(SECTIONS[key], sections[key], result.error.issues, options);
      findings.push(...found.map(({ path, text }) => finding(source, path, text)));
    }
  }
  if (findings.length > 0) throw UserError.all(findings);
  const config = parsed as unknown as StackConfig;
  findings.push(...platformFindings(config).map(({ path, message }) => finding(source, path, message)));
  if (findings.length > 0) throw UserError.all(findings);
  return config;
}

function finding(source: ConfigSource, path: readonly PropertyKey[], text: string): string {
  const line = source.lineOf?.(path);
  return `${text} (${source.file}${line === undefined ? "" : `:${line}`}).`;
}
