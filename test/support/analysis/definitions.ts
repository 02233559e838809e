import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { stringify } from "yaml";

/** A small analysis of one file, of which every test changes what it is about. */
export const SMALL = {
  name: "counting",
  runs: "job",
  image: "registry.example.org/python:3.12.8",
  code: { files: ["count.py"], entry: "count.py" },
  parameters: { words: { type: "integer", default: 3, min: 1, max: 10 } },
  outputs: { to: "/eos/results", files: ["count.txt"] },
};

export const CODE = { "count.py": "def run(context):\n    pass\n" };

/** Writes an analysis into a folder of its own and gives its definition's path. */
export function written(definition: object, files: Readonly<Record<string, string | Buffer>> = CODE): string {
  const folder = mkdtempSync(join(tmpdir(), "fabric-analysis-test-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const file = join(folder, "analysis.yaml");
  writeFileSync(file, stringify(definition));
  return file;
}
