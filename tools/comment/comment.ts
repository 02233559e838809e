import { UserError } from "../../components/errors";
import { ForgeError } from "./api";
import type { Forge } from "./forges";

/** Refusals to edit a comment that another one of them may not have: it is somebody else's, or gone meanwhile. */
const NOT_OURS = [403, 404];

/** What was done. */
export type Outcome = "created" | "updated" | "unchanged";

/** The line that a comment begins with, by which it is found again; it is not shown. */
export function markerOf(name: string): string {
  if (!/^[a-z0-9-]{1,40}$/.test(name))
    throw new UserError(`\`--marker\` must be lower-case letters, digits and hyphens, at most 40, got "${name}".`);
  return `<!-- openstack-fabric:${name} -->`;
}

/**
 * Writes the one comment of its marker: edits it where it is, else creates it. A comment that begins with the marker and
 * is somebody else's is left alone.
 * @throws UserError where the text is longer than the forge takes; ForgeError where it refuses.
 */
export async function putComment(forge: Forge, marker: string, text: string): Promise<Outcome> {
  const body = text.startsWith(marker) ? text : `${marker}\n${text}`;
  if (body.length > forge.limit) {
    throw new UserError(
      `The comment has ${body.length} characters, and the forge takes ${forge.limit}. Shorten the report: \`--limit ${forge.limit}\`.`,
    );
  }
  for await (const comment of forge.comments()) {
    if (!comment.body.startsWith(marker)) continue;
    // Forges give texts back with other ends of lines.
    if (plain(comment.body) === plain(body)) return "unchanged";
    if (await tryUpdate(forge, comment.id, body)) return "updated";
  }
  await forge.create(body);
  return "created";
}

async function tryUpdate(forge: Forge, id: number, body: string): Promise<boolean> {
  try {
    await forge.update(id, body);
    return true;
  } catch (error) {
    if (error instanceof ForgeError && NOT_OURS.includes(error.status)) return false;
    throw error;
  }
}

function plain(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
