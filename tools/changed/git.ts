import { execa } from "execa";

import { UserError } from "../../components/errors";

/**
 * Files that differ between where a branch left `base` and what is committed on it, as paths from the repository's root;
 * a renamed file is both of its names.
 * @throws UserError where git does not know the base, or not how far back both have the same history.
 */
export async function changedFiles(root: string, base: string): Promise<string[]> {
  const commit = await git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${base}^{commit}`]);
  if (commit === undefined) throw new UserError(`\`--base\` is ${base}, which is no commit that git knows in ${root}.`);
  const args = ["diff", "--name-only", "--no-renames", "-z", "--relative", `${commit.trim()}...HEAD`];
  const diff = await git(root, args);
  if (diff !== undefined) return diff.split("\0").filter((file) => file !== "");
  throw new UserError(
    `git finds no common history of ${base} and HEAD. In CI, check out all of it: \`fetch-depth: 0\` on GitHub, \`GIT_DEPTH: 0\` on GitLab.`,
  );
}

/** What git prints; nothing where it fails. */
async function git(cwd: string, args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await execa("git", args, { cwd, reject: false, stripFinalNewline: false });
  return exitCode === 0 ? stdout : undefined;
}
