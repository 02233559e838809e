import { parse } from "yaml";

import { UserError } from "../../errors";
import { isLocal } from "../../localFiles";
import { schemaFindings } from "../../schemaFindings";
import { sparkVersionOf, versionFinding } from "../spark/versions";
import { type Definition, definitionSchema } from "./definition";
import { declarationFindings } from "./parameters";

/** Reads a definition; says everything that is wrong with it at once, with the file's name. */
export function parseDefinition(text: string, file: string): Definition {
  const said = (findings: readonly string[]) => UserError.all(findings.map((finding) => `${file}: ${finding}`));
  const document = documentOf(text, file);
  const parsed = definitionSchema.safeParse(document);
  if (!parsed.success)
    throw said(schemaFindings(definitionSchema, document, parsed.error.issues).map(({ text }) => `${text}.`));
  const findings = definitionFindings(parsed.data);
  if (findings.length > 0) throw said(findings);
  return parsed.data;
}

function documentOf(text: string, file: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new UserError(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What no schema can say: what fields ask of each other. */
function definitionFindings(definition: Definition): string[] {
  return [
    ...imageFindings(definition),
    ...codeFindings(definition),
    ...declarationFindings(definition.parameters),
    ...Object.entries(definition.inputs).flatMap(([name, input]) => inputFindings(`inputs.${name}`, input)),
    ...outputFindings(definition),
    ...scheduleFindings(definition.schedule, definition.inputs),
  ];
}

/** The image that its pods start from. */
export function imageOf({ image, environment }: Definition): string {
  return image ?? environment?.over ?? "";
}

function imageFindings(definition: Definition): string[] {
  const { image, environment, runs, sparkVersion } = definition;
  if ((image === undefined) === (environment === undefined))
    return ["give either `image`, which has everything, or `environment`, packages laid over an image."];
  if (runs !== "spark") return [];
  const finding = versionFinding("sparkVersion", sparkVersionOf(imageOf(definition), sparkVersion));
  return finding === undefined ? [] : [finding];
}

function codeFindings({ code }: Definition): string[] {
  const [file = ""] = code.entry.split(":");
  if (code.files.some((path) => path === file || file.startsWith(`${path.replace(/\/$/, "")}/`))) return [];
  return [`\`code.entry\` is ${file}, which \`code.files\` does not have: ${code.files.join(", ")}. Add it there.`];
}

function inputFindings(path: string, input: Definition["inputs"][string]): string[] {
  const said = (["checksum", "revision"] as const).filter((key) => input[key] !== undefined);
  const identities = [...said, ...(input.observe ? ["observe"] : [])];
  if (identities.length > 1)
    return [`\`${path}\` says ${identities.join(" and ")}: which data are meant needs one of them.`];
  if (identities.length === 1 || isLocal(input.from)) return [];
  return [
    `\`${path}\` does not say which data are meant, and so a finished run could not be told from another. Add \`checksum: sha256:…\`, \`revision:\` with any text that you change with the data, or \`observe: true\` to look at every run.`,
  ];
}

function outputFindings({ runs, outputs }: Definition): string[] {
  return runs === "job" ? destinationFindings(outputs.to) : [];
}

/** A Job has no Hadoop, and so writes where the system itself can. */
export function destinationFindings(to: string): string[] {
  if (!to.includes("://")) return [];
  return [
    `\`outputs.to\` is ${to}, which a Job cannot write to: it needs a mounted path such as /eos/…. Mount one, or say \`runs: spark\`, which writes through Hadoop.`,
  ];
}

/** A schedule whose runs would all be the first one again. */
export function scheduleFindings(schedule: Definition["schedule"], inputs: Definition["inputs"]): string[] {
  if (schedule === undefined || schedule.each === "always") return [];
  if (Object.values(inputs).some((input) => input.observe)) return [];
  return [
    "`schedule` would run nothing after the first time, since nothing changes: say `observe: true` at an input, or `schedule.each: always`.",
  ];
}
