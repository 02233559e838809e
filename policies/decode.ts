import { SIGNATURES, UNKNOWNS } from "../components/engineValues";
import { type Props, Secret, UNKNOWN, type Value } from "./values";

/** Reads properties as they come over the wire. */
export function decodeProps(raw: Readonly<Record<string, unknown>>): Props {
  const entries = Object.entries(raw).filter(([key]) => key !== "__defaults");
  return Object.fromEntries(entries.map(([key, value]) => [key, decode(value)]));
}

function decode(raw: unknown): Value {
  if (typeof raw === "string") return UNKNOWNS.includes(raw) ? UNKNOWN : raw;
  if (typeof raw === "number" || typeof raw === "boolean") return raw;
  if (raw === null || raw === undefined) return null;
  if (Array.isArray(raw)) return raw.map(decode);
  const fields = raw as Record<string, unknown>;
  const signature = fields[SIGNATURES.key];
  if (signature === SIGNATURES.secret) return new Secret(decode(fields["value"]));
  if (signature === SIGNATURES.output) return decodeOutput(fields);
  // An asset or a reference keeps its fields, without the signature.
  return decodeProps(Object.fromEntries(Object.entries(fields).filter(([key]) => key !== SIGNATURES.key)));
}

function decodeOutput({ value, secret }: Record<string, unknown>): Value {
  const inner = value === undefined ? UNKNOWN : decode(value);
  return secret === true ? new Secret(inner) : inner;
}
