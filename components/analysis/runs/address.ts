import { createHash } from "node:crypto";

import { sparkVersionOf } from "../spark/versions";
import { imageOf } from "./checks";
import type { LoadedAnalysis } from "./load";
import type { ParameterValue } from "./parameters";

/** Meaning of an address; another makes every result a new one. */
const FORMAT = 1;

/** Hexadecimal digits of an address: 96 bits, by which chance makes no two runs one. */
const DIGITS = 24;

export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** JSON with keys in order and no space, so that the same values give the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * What a run computes, as a hash: everything that may change its result, and nothing else. In it are the code, the
 * image by its name, the lock, Spark's version, the parameters' values, which inputs, and which files are to come out.
 * Not in it are name, resources, schedule, retries, timeout, what is kept and where results go: with them a result is
 * the same. A tag that is pushed anew is not seen; a digest is safe.
 */
export function contentAddress(
  analysis: LoadedAnalysis,
  parameters: Readonly<Record<string, ParameterValue>>,
  rerun?: string,
): string {
  const { definition, code, lock } = analysis;
  const image = imageOf(definition);
  const document = {
    format: FORMAT,
    runs: definition.runs,
    code: Object.fromEntries(code.map(({ path, content }) => [path, sha256(content)])),
    entry: definition.code.entry,
    image,
    ...(lock !== undefined && { lock: sha256(lock) }),
    ...(definition.runs === "spark" && { spark: sparkVersionOf(image, definition.sparkVersion) }),
    parameters,
    inputs: inputIdentities(analysis),
    outputs: [...definition.outputs.files].sort(),
    ...(rerun !== undefined && { rerun }),
  };
  return sha256(canonicalJson(document)).slice(0, DIGITS);
}

/**
 * Which data each input is. A checksum says it wherever they lie, so that a copy is the same input; what a run observes
 * is added by the run.
 */
function inputIdentities({ definition, localInputs }: LoadedAnalysis): Record<string, string> {
  const identities = Object.entries(definition.inputs).map(([name, input]) => {
    if (input.observe) return [name, `${input.from} observed`];
    const checksum = input.checksum ?? (localInputs[name] && `sha256:${localInputs[name]}`);
    return [name, checksum ?? `${input.from} revision ${input.revision}`];
  });
  return Object.fromEntries(identities) as Record<string, string>;
}
