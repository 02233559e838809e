/** Locks that need a tool of their own in the pod, and how each becomes one that pip alone can check. */
const EXPORTS: [pattern: RegExp, kind: string, command: string][] = [
  [/(^|\/)uv\.lock$/, "uv's", "uv export --frozen --no-emit-project -o requirements.lock"],
  [/(^|\/)poetry\.lock$/, "Poetry's", "poetry export -o requirements.lock"],
  [/(^|\/)(conda-lock\.ya?ml|pixi\.lock|environment\.ya?ml)$/, "Conda's", "an image made of it, given as `image`"],
];

/** What is wrong with an environment's lock: every package must be there with a version and the hashes of its files. */
export function lockFindings(path: string, text: string): string[] {
  for (const [pattern, kind, command] of EXPORTS)
    if (pattern.test(path))
      return [
        `\`environment.lock\` is ${path}, ${kind} own lock; a pod has pip alone. Use ${command.startsWith("an") ? command : `\`${command}\` and give that file`}.`,
      ];
  const requirements = text
    .replaceAll(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const options = requirements.filter((line) => line.startsWith("-"));
  const loose = requirements.filter(
    (line) => !line.startsWith("-") && !/^[\w.[\],-]+\s*==\s*[^\s;]+.*\s--hash=sha256:/.test(line),
  );
  const findings: string[] = [];
  if (options.length > 0)
    findings.push(
      `\`environment.lock\` (${path}) has an option, ${options[0]}: what it names is not locked. Remove it; an index is given as \`environment.index\`.`,
    );
  if (loose.length > 0 || requirements.length === 0) {
    const which = loose.length > 0 ? `does not lock ${loose.map(packageOf).join(", ")}` : "is empty";
    findings.push(
      `\`environment.lock\` (${path}) ${which}: each package needs name==version and --hash=sha256:…. Make it with \`uv pip compile --generate-hashes requirements.in -o ${path}\`.`,
    );
  }
  return findings;
}

function packageOf(requirement: string): string {
  return /^[\w.-]+/.exec(requirement)?.[0] ?? requirement;
}
