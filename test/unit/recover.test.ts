import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { removeStaleLocks, removeTornFiles } from "../../tools/recover/files";

describe("the files of an interrupted update", () => {
  let root: string;
  let backend: string;
  const DEAD = 2 ** 22 + 1;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fabric-recover-"));
    backend = `file://${root}`;
    mkdirSync(join(root, ".pulumi/locks/organization/p/dev"), { recursive: true });
    mkdirSync(join(root, ".pulumi/stacks/p"), { recursive: true });
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function lock(name: string, content: object): string {
    const file = join(root, ".pulumi/locks/organization/p/dev", `${name}.json`);
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  it("loses the lock of an engine that is dead", () => {
    const file = lock("a", { pid: DEAD, hostname: hostname(), timestamp: "2026-11-24T12:00:00Z" });
    expect(removeStaleLocks(backend, "dev")).toEqual({ count: 1, since: new Date("2026-11-24T12:00:00Z") });
    expect(existsSync(file)).toBe(false);
  });

  it("keeps the lock of an engine that lives, of another machine, and of another stack", () => {
    const files = [
      lock("alive", { pid: process.pid, hostname: hostname(), timestamp: "2026-11-24T12:00:00Z" }),
      lock("elsewhere", { pid: DEAD, hostname: "elsewhere", timestamp: "2026-11-24T12:00:00Z" }),
    ];
    expect(removeStaleLocks(backend, "dev").count).toBe(0);
    lock("other", { pid: DEAD, hostname: hostname(), timestamp: "2026-11-24T12:00:00Z" });
    expect(removeStaleLocks(backend, "prod").count).toBe(0);
    expect(files.every((file) => existsSync(file))).toBe(true);
  });

  it("touches no state that is not in files", () => {
    expect(removeStaleLocks("s3://bucket", "dev").count).toBe(0);
  });

  it("loses torn attribute files, which the engine fails on, and keeps the checkpoint", () => {
    const checkpoint = join(root, ".pulumi/stacks/p/dev.json");
    writeFileSync(checkpoint, "{}");
    writeFileSync(`${checkpoint}.attrs`, "");
    writeFileSync(`${checkpoint}.bak.attrs`, "{}");
    writeFileSync(`${checkpoint}.18ea.tmp`, "{");
    removeTornFiles(backend);
    expect(
      [checkpoint, `${checkpoint}.attrs`, `${checkpoint}.bak.attrs`, `${checkpoint}.18ea.tmp`].map((f) =>
        existsSync(f),
      ),
    ).toEqual([true, false, true, false]);
  });
});
