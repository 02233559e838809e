import { UserError } from "../components/errors";
import type { ComponentSchema } from "./schema";

/**
 * Refuses what components cannot work with, in words of the one who wrote it: languages check less than TypeScript does.
 * `isUnknown` says whether a value is known only once something was created.
 */
export function checkInputs(
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  { inputProperties, requiredInputs }: ComponentSchema,
  isUnknown: (value: unknown) => boolean,
): void {
  const findings = [
    ...requiredInputs
      .filter((field) => inputs[field] === undefined || inputs[field] === null)
      .map((field) => `"${name}": \`${field}\` is missing. ${inputProperties[field]?.description ?? ""}`.trimEnd()),
    ...Object.entries(inputProperties)
      .filter(([field, { plain }]) => plain === true && isUnknown(inputs[field]))
      .map(
        ([field]) =>
          `"${name}": \`${field}\` decides which resources there are, and must not be an output of a resource or a secret. ` +
          "Give a plain value.",
      ),
  ];
  if (findings.length > 0) throw UserError.all(findings);
}
