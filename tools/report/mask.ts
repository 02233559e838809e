import { SIGNATURES, UNKNOWNS } from "../../components/engineValues";
import type { Preview, ResourceState } from "./preview";

/** What stands for a secret; the engine writes the same. */
export const MASK = "[secret]";

/** Properties whose values are secret even where nothing marks them, as in previews with `--show-secrets`. */
const SECRET_NAME =
  /(^|_|-)(password|passwd|passphrase|secret|token|cookie|keytab|kubeconfig)$|(password|passphrase|secret|secretkey|privatekey|token|userdata|user_data|keypem|privatekeypem|private_key|kubeconfig)$/i;

/** Texts that are secret by what they are: keys, and addresses with a password in them. */
const SECRET_TEXT = /-----BEGIN [A-Z ]*PRIVATE KEY-----|[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:[^\s/@]+@/;

/** Shorter texts say nothing, and would hide half the report. */
const SHORTEST = 6;

/** Hides secrets in values and texts. */
export interface Masker {
  /** The value with everything that is secret as `[secret]`, under the property's name. */
  value(value: unknown, name: string): unknown;
  /** The text with every secret in it as `[secret]`. */
  text(text: string): string;
}

/** A masker of everything that one preview marks as secret anywhere. */
export function maskerOf({ config, steps }: Preview): Masker {
  const secrets = new Set<string>();
  for (const { oldState, newState } of steps) {
    for (const state of [oldState, newState]) if (state) collectState(state, secrets);
  }
  collect(config, false, secrets);
  return createMasker(secrets);
}

function createMasker(secrets: ReadonlySet<string>): Masker {
  const forms = [...secrets].flatMap(formsOf).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const pattern = forms.length === 0 ? undefined : new RegExp([...new Set(forms)].map(escapeRegExp).join("|"), "g");
  const holds = (text: string) => SECRET_TEXT.test(text) || (pattern !== undefined && text.search(pattern) >= 0);
  const mask = (value: unknown, name: string): unknown => {
    if (value === undefined || value === null || value === "") return value;
    if (isSecret(value) || (SECRET_NAME.test(name) && typeof value !== "boolean")) return MASK;
    if (typeof value === "string") return holds(value) ? MASK : value;
    if (Array.isArray(value)) return value.map((item) => mask(item, name));
    if (typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item, key)]));
  };
  const text = (given: string) => {
    const masked = pattern === undefined ? given : given.replace(pattern, MASK);
    return masked.replace(new RegExp(SECRET_TEXT, "g"), MASK);
  };
  return { value: mask, text };
}

/** A secret as it may stand in other texts: plain, in JSON, in an address, in base64. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64];
}

function collectState(state: ResourceState, secrets: Set<string>): void {
  const marked = new Set(state.additionalSecretOutputs ?? []);
  for (const values of [state.inputs, state.outputs]) {
    for (const [key, value] of Object.entries(values ?? {})) {
      collect(value, marked.has(key) || (typeof value === "string" && SECRET_NAME.test(key)), secrets);
    }
  }
}

/** Notes the plain texts of everything that is secret in a value. */
function collect(value: unknown, secret: boolean, secrets: Set<string>): void {
  if (typeof value === "string") {
    if (secret) note(value, secrets);
    else if (value.startsWith("{")) collectJson(value, secrets);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const marked = secret || isSecret(value);
  for (const [key, item] of Object.entries(value)) {
    if (key === SIGNATURES.key || key === "ciphertext") continue;
    if (key === "plaintext" && marked) collectPlain(item, secrets);
    else collect(item, marked || (typeof item === "string" && SECRET_NAME.test(key)), secrets);
  }
}

/** A configuration's sections are texts of JSON. */
function collectJson(text: string, secrets: Set<string>): void {
  try {
    collect(JSON.parse(text), false, secrets);
  } catch {
    // A text that only looks like JSON.
  }
}

/** The plain text of a secret is JSON. */
function collectPlain(item: unknown, secrets: Set<string>): void {
  if (typeof item !== "string") return;
  try {
    collect(JSON.parse(item), true, secrets);
  } catch {
    note(item, secrets);
  }
}

function note(text: string, secrets: Set<string>): void {
  if (text.length >= SHORTEST && text !== MASK && !UNKNOWN.test(text)) secrets.add(text);
}

/** What the engine writes for a value that is known only after an update: one text for each kind of value. */
export const UNKNOWN = new RegExp(`^(${UNKNOWNS.join("|")}|output<.*>)$`);

function isSecret(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as Record<string, unknown>)[SIGNATURES.key] === SIGNATURES.secret
  );
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
