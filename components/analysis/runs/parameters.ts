import { UserError } from "../../errors";
import { show, suggest } from "../../schemaFindings";
import type { Definition, Parameter } from "./definition";

export type ParameterValue = number | string | boolean;

/** What is wrong with the declarations themselves: defaults that their own parameter refuses, limits of what has none. */
export function declarationFindings(parameters: Definition["parameters"]): string[] {
  return Object.entries(parameters).flatMap(([name, parameter]) => {
    const path = `parameters.${name}`;
    const numeric = parameter.type === "integer" || parameter.type === "number";
    const findings: string[] = [];
    if (!numeric && (parameter.min ?? parameter.max) !== undefined)
      findings.push(`\`${path}\` is a ${parameter.type}, which has no \`min\` or \`max\`. Remove them.`);
    if (parameter.min !== undefined && parameter.max !== undefined && parameter.min > parameter.max)
      findings.push(`\`${path}.min\` is ${parameter.min}, above its \`max\` of ${parameter.max}.`);
    if ((parameter.type === "choice") !== (parameter.choices !== undefined))
      findings.push(`\`${path}\`: a choice needs \`choices\`, and nothing else has them.`);
    if (parameter.default !== undefined)
      findings.push(...valueFindings(`${path}.default`, parameter, parameter.default));
    return findings;
  });
}

/** Every parameter's value: what is given as text, else the default. Refuses unknown and wrong ones, all at once. */
export function resolveParameters(
  declared: Definition["parameters"],
  given: Readonly<Record<string, string>> = {},
): Record<string, ParameterValue> {
  const names = Object.keys(declared).sort();
  const findings = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => `\`${name}\` is no parameter of this analysis; ${suggest(name, names)}.`);
  const resolved: Record<string, ParameterValue> = {};
  for (const name of names) {
    const parameter = declared[name]!;
    const text = given[name];
    const value = text === undefined ? parameter.default : read(parameter, text);
    if (value === undefined) findings.push(`\`${name}\` has no default: give it, ${expected(parameter)}.`);
    else findings.push(...valueFindings(name, parameter, value));
    if (value !== undefined) resolved[name] = value;
  }
  if (findings.length > 0) throw UserError.all(findings);
  return resolved;
}

/** A text as the parameter's type; a text that is none of it stays one, and is refused as such. */
function read({ type }: Parameter, text: string): ParameterValue {
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (type === "string" || type === "choice") return text;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text;
}

function valueFindings(path: string, parameter: Parameter, value: ParameterValue): string[] {
  const refused = [`\`${path}\` must be ${expected(parameter)}, got ${show(value)}.`];
  const { type, min = -Infinity, max = Infinity, choices = [] } = parameter;
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max ? [] : refused;
    case "number":
      return Number.isFinite(value) && Number(value) >= min && Number(value) <= max ? [] : refused;
    case "choice":
      return choices.includes(String(value)) ? [] : refused;
    default:
      return typeof value === type ? [] : refused;
  }
}

/** What a value may be, in words. */
export function expected({ type, min, max, choices = [] }: Parameter): string {
  if (type === "choice") return `one of ${choices.join(", ")}`;
  if (type === "boolean") return "true or false";
  if (type === "string") return "a text";
  const kind = type === "integer" ? "a whole number" : "a number";
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} of at least ${min}`;
  return max === undefined ? kind : `${kind} of at most ${max}`;
}
