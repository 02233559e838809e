import { createHash } from "node:crypto";

import type { Credentials } from "./credentials";
import type { Session } from "./keystone";

/** Gives a text without what is private. */
export type Scrub = (text: string) => string;

/** Entries of `auth` in clouds.yaml whose values let somebody in. */
const SECRET_AUTH = /password|secret|token|passcode/;

/** What stands for a secret: nothing of it. */
const WITHHELD = "withheld";

/** Values of this length and more are private wherever they stand; shorter ones only as a word, as `nova` is in `nova-1`. */
const UNMISTAKABLE = 12;

/**
 * Replaces project and user, by id and by name, by pseudonyms that are always the same, and secrets by a word that says
 * nothing of them. Texts in `kept` stay: they stand in the stack's own configuration.
 */
export function scrubber({ auth }: Credentials, session: Session, kept: ReadonlySet<string>): Scrub {
  const { project, user } = session.names;
  const secrets = Object.entries(auth)
    .filter(([key]) => SECRET_AUTH.test(key))
    .map(([, value]) => value);
  const hidden: [string | undefined, string][] = [
    ...[session.token, ...secrets].map((value): [string, string] => [value, WITHHELD]),
    [session.projectId, pseudonym("project", session.projectId)],
    [session.userId, pseudonym("user", session.userId)],
    [project, pseudonym("project", session.projectId)],
    [user, pseudonym("user", session.userId)],
  ];
  const patterns = hidden
    .filter((entry): entry is [string, string] => entry[0] !== undefined && entry[0] !== "")
    .map(([value, as]) => [patternOf(value), as] as const);
  return (text) => (kept.has(text) ? text : patterns.reduce((said, [pattern, as]) => said.replace(pattern, as), text));
}

/** Ids are random, so that their hash tells nobody what they are. */
function pseudonym(kind: string, id: string): string {
  return `${kind}-${createHash("sha256").update(id).digest("hex").slice(0, 12)}`;
}

function patternOf(value: string): RegExp {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  return new RegExp(value.length >= UNMISTAKABLE ? literal : `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`, "g");
}
