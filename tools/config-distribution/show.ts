import type { FileChange } from "../../components/oslo/distribution/plan";
import type { Moved } from "./pointer";
import type { Published } from "./publish";
import type { Status } from "./status";

export function showMoved({ from, version, moved }: Moved): string {
  return moved ? `All nodes now follow ${version} (before: ${from ?? "nothing"}).` : `Nodes follow ${version} already.`;
}

export function showPublished(result: Published): string {
  const { version, files, secrets, stored, moved, from } = result;
  const what = stored
    ? `Version ${version} is stored: ${files} files, ${secrets} of them encrypted.`
    : `Version ${version} was in the store already.`;
  if (moved) return `${what}\n${showMoved(result)}`;
  return `${what}\nNodes follow ${from ?? "nothing"}${from === version ? " already" : `; \`switch ${version}\` changes that`}.`;
}

export function showDiff(changes: readonly FileChange[]): string {
  if (changes.length === 0) return "No file differs.";
  const signs = { added: "+", removed: "-", changed: "~" };
  return changes
    .map(({ service, path, change, secret }) => `${signs[change]} ${service} ${path}${secret ? " (encrypted)" : ""}`)
    .join("\n");
}

export function showPruned(versions: readonly string[], dryRun: boolean): string {
  if (versions.length === 0) return "Nothing to remove.";
  return `${dryRun ? "Would remove" : "Removed"} ${versions.join(", ")}.`;
}

export function showStatus({ current, versions, history, nodes }: Status): string {
  const last = history.find(({ version }) => version === current);
  const since = last === undefined ? "" : ` since ${last.at}, by ${last.by} (${last.action})`;
  const rows = [
    ["version", "", "files", "services"],
    ...versions.map(({ version, complete, files, services }) => [
      version,
      version === current ? "current" : complete ? "" : "incomplete",
      String(files),
      services.join(", "),
    ]),
  ];
  const hosts = [
    ["node", "version", "state", "reported", ""],
    ...nodes.map(({ host, version, state, at, error }) => [
      host,
      version ?? "none",
      state === "applied" && version !== current ? "behind" : state,
      at,
      error,
    ]),
  ];
  const parts = [current === undefined ? "Nothing has been published yet." : `Current: ${current}${since}`];
  if (versions.length > 0) parts.push(table(rows));
  if (nodes.length > 0) parts.push(table(hosts));
  return parts.join("\n\n");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
