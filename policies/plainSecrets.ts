import { filesOf } from "./files";
import type { Finding } from "./rule";
import { leavesOf, type Props } from "./values";

/** A form that secrets have in texts. */
interface Form {
  what: string;
  pattern: RegExp;
  /** Refuses what only looks like one, by what the pattern's group caught. */
  unless?: RegExp;
}

/** Stands for a value, and is none: variables, references, templates, paths of files, switches. */
const PLACEHOLDER =
  /^(\$.*|%\(.*|%s|<.*|\{\{?.*|\*+|x+|none|null|true|false|yes|no|changeme|required|(file:)?\.{0,2}\/.*|@.*)$/i;

const KEYWORD = "password|passwd|passphrase|secret|secret_key|client_secret|api_key|apikey|access_token|auth_token";

/** Sources: RFC 7468 (PEM), RFC 3986 3.2.1 (userinfo), and what configuration files call their secrets. */
const FORMS: readonly Form[] = [
  { what: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/g },
  {
    what: "a URL with a password",
    pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'<>]*:([^\s/@"'<>]+)@/gi,
    unless: PLACEHOLDER,
  },
  {
    what: "a password",
    pattern: new RegExp(`\\b(?:\\w+[_-])?(?:${KEYWORD})["']?[ \\t]*[=:][ \\t]*["']?([^\\s"',;}\\\\]{4,})`, "gi"),
    unless: PLACEHOLDER,
  },
];

/** Properties whose whole value is a secret. */
const SECRET_KEYS =
  /^(password|adminPass|adminPassword|privateKey|privateKeyPem|clientSecret|secretKey|applicationCredentialSecret|token|preSharedKey|psk)$/;

/**
 * Texts that are no secrets for the engine and look like some: they lie in the state, and in outputs and logs, for everybody
 * to read. What is unknown in a preview is judged at the update. Nothing of a secret is quoted.
 */
export function plainSecrets(props: Props, fix: string): Finding[] {
  const open = leavesOf(props).filter(({ secret }) => !secret);
  return open.flatMap((leaf) => {
    const byKey = SECRET_KEYS.test(leaf.key) && !PLACEHOLDER.test(leaf.text);
    if (byKey) return [finding(leaf.path, "a password or key", fix)];
    return filesOf(leaf).flatMap(({ where, text }) => {
      const form = FORMS.find((candidate) => appears(candidate, text));
      return form === undefined ? [] : [finding(where, form.what, fix)];
    });
  });
}

function appears({ pattern, unless }: Form, text: string): boolean {
  return [...text.matchAll(pattern)].some(([, caught]) => caught === undefined || unless?.test(caught) !== true);
}

function finding(where: string, what: string, fix: string): Finding {
  return { found: `\`${where}\` has what looks like ${what} and is no secret`, allowed: "secrets only as such", fix };
}
