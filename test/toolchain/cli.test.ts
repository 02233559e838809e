import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

const toolchain = resolve("sandbox/toolchain/toolchain");

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

let scratch: string;
let env: NodeJS.ProcessEnv;

/** A home, a cache and a PATH of its own; Python and the shell's tools stay. */
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "toolchain-"));
  await mkdir(join(scratch, "bin"));
  // Go's own caches stay, and nothing that `toolchain run` has put on PATH.
  const outer = (process.env.PATH ?? "").split(":").filter((folder) => !folder.includes("openstack-fabric/toolchain"));
  const { stdout } = await promisify(execFile)("go", ["env", "-json", "GOCACHE", "GOMODCACHE"]);
  env = {
    ...process.env,
    ...(JSON.parse(stdout) as Record<string, string>),
    HOME: scratch,
    XDG_CACHE_HOME: join(scratch, "cache"),
    PATH: [join(scratch, "bin"), ...outer].join(":"),
    PULUMI_HOME: undefined,
  };
});

afterEach(async () => rm(scratch, { recursive: true, force: true }));

async function run(...args: string[]): Promise<Result> {
  try {
    const { stdout, stderr } = await promisify(execFile)(toolchain, args, { env });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Result;
  }
}

async function fake(name: string, script: string): Promise<void> {
  const path = join(scratch, "bin", name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

type Status = Record<string, { source: string; version: string }>;
const status = async (): Promise<Status> => JSON.parse((await run("status", "--json")).stdout) as Status;

describe("toolchain", () => {
  it("uses a pulumi and a plugin that are on PATH and builds neither", async () => {
    await fake("pulumi", "exit 0");
    await fake("pulumi-resource-openstack", "exit 0");
    const { stderr } = await run("ensure", "pulumi", "openstack");
    expect(stderr).toMatch(/^pulumi +from PATH/m);
    expect(stderr).toMatch(/^openstack +from PATH/m);
  });

  it("uses the newest of the plugins that pulumi has installed", async () => {
    for (const version of ["3.9.0", "3.15.2"]) {
      await mkdir(join(scratch, ".pulumi", "plugins", `resource-openstack-v${version}`), { recursive: true });
    }
    expect((await status()).openstack).toMatchObject({ source: "plugins", version: "3.15.2" });
  });

  it("asks a pulumi on PATH to install the plugin that is missing", async () => {
    await fake("pulumi", `[ "$1" = plugin ] && echo "$@" > "$HOME/asked"`);
    const { stderr } = await run("ensure", "openstack");
    expect(stderr).toMatch(/^openstack +installed by pulumi v3\.15\.2/m);
  });

  it("takes a Node that is new enough from PATH, and no older one", async () => {
    await fake("node", "echo v22.1.0");
    expect((await status()).node).toMatchObject({ source: "PATH", version: "22.1.0" });
    await fake("node", "echo v20.20.2 # older");
    expect((await status()).node?.source).toBe("missing");
  });

  it("uses a Kubernetes that is on PATH as a whole, and not a kubectl alone", async () => {
    await fake("kubectl", "exit 0");
    expect((await status()).kubernetes?.source).toBe("missing");
    for (const name of ["kube-apiserver", "kube-controller-manager", "kube-scheduler"]) await fake(name, "exit 0");
    expect((await status()).kubernetes?.source).toBe("PATH");
  });

  it("brings the Kubernetes plugin for tests only to those who ask for it, and never beside an official one", async () => {
    const name = "kubernetes-test-plugin";
    const folder = join(await cachedAt(name), "bin");
    await mkdir(folder, { recursive: true });
    const path = async (...args: string[]) => (await run("env", "--json", ...args)).stdout;
    expect((await status())[name]?.source).toBe("cache");
    expect(await path()).not.toContain(folder);
    expect(await path("--with", name)).toContain(folder);
    await fake("pulumi-resource-kubernetes", "exit 0");
    expect((await status())[name]?.source).toBe("PATH");
    expect(await path("--with", name)).not.toContain(folder);
  });

  it("passes arguments, variables and the exit code through", async () => {
    const { code, stdout } = await run(
      "run",
      "--",
      "sh",
      "-c",
      'echo "$1 $PULUMI_SKIP_UPDATE_CHECK"; exit 7',
      "sh",
      "a b",
    );
    expect({ code, stdout }).toEqual({ code: 7, stdout: "a b 1\n" });
  });

  it("says what is missing, and the fix, where there is no Go", async () => {
    env.PATH = await withoutGo();
    const { code, stderr } = await run("ensure", "pulumi");
    expect(code).toBe(1);
    expect(stderr).toContain("needs `go`, which is not on PATH");
    expect(stderr).toContain("fix: install Go");
    expect(stderr).not.toContain("Traceback");
  });

  it("names the tools there are when asked for one there is not", async () => {
    const { code, stderr } = await run("ensure", "nodejs");
    expect(code).toBe(1);
    expect(stderr).toContain("no tool is called nodejs; there are node, pulumi");
  });

  it("completes after kill -9 in the middle of a build, and leaves nothing behind", async () => {
    const killed = spawn(toolchain, ["ensure", "language-nodejs"], { env, stdio: "ignore" });
    const cache = join(scratch, "cache", "openstack-fabric", "toolchain");
    await expect
      .poll(async () => readdir(cache).catch(() => []), { timeout: 60_000 })
      .toContainEqual(expect.stringMatching(/\.tmp$/));
    killed.kill("SIGKILL");
    const both = await Promise.all([run("ensure", "language-nodejs"), run("ensure", "language-nodejs")]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const left = (await readdir(cache)).filter((name) => name.startsWith("language-nodejs"));
    expect(left).toEqual([expect.stringMatching(/^language-nodejs-[0-9a-f]{16}$/)]);
  });
});

/** Where the cache has a tool, or would have it. */
async function cachedAt(tool: string): Promise<string> {
  const script = "import sys; from lib import cache, spec; print(cache.path(spec.TOOLS[sys.argv[1]]))";
  const options = { env, cwd: resolve("sandbox/toolchain") };
  const { stdout } = await promisify(execFile)("python3", ["-B", "-c", script, tool], options);
  return stdout.trim();
}

/** The folders of PATH that hold no `go`. */
async function withoutGo(): Promise<string> {
  const kept: string[] = [];
  for (const folder of (env.PATH ?? "").split(":")) {
    const files = await readdir(folder).catch(() => [] as string[]);
    if (!files.includes("go")) kept.push(folder);
  }
  return kept.join(":");
}
