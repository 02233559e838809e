import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa, type Options } from "execa";

const CACHE = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "openstack-fabric");

/** What a finished environment holds; one without it is of a run that was killed. */
const COMPLETE = ".complete";

/** Seconds in which pip installs an environment on a slow machine. */
const INSTALL_TIMEOUT = 900;

/** A lock whose owner is gone counts no more; neither does one as old as this, in milliseconds. */
const LOCK_MS = (INSTALL_TIMEOUT + 60) * 1000;

/** A virtual environment with exactly the packages that were asked for. */
export interface PythonEnv {
  dir: string;
  /** Path of its interpreter. */
  python: string;
  /** Path of a command that a package brought, such as `oslo-config-validator`. */
  command(name: string): string;
  /** Runs Python with arguments and gives what it printed; rejects when it fails. */
  run(args: readonly string[], options?: Options): Promise<string>;
}

export interface PythonEnvOptions {
  /** Versions for what the packages need themselves, as `name==version`; they are installed only where needed. */
  constraints?: readonly string[];
  /** The list is complete: nothing is installed beside it, and what packages say of each other is not asked. */
  complete?: boolean;
}

/**
 * A virtual environment of Python 3 with packages from PyPI, `name==version` each; made once and kept in the user's
 * cache under a name that its pins decide. Safe when several processes ask for the same one.
 */
export async function pythonEnv(
  name: string,
  requirements: readonly string[],
  options: PythonEnvOptions = {},
): Promise<PythonEnv> {
  const loose = requirements.filter((requirement) => !/^[\w.[\]-]+==[\w.+!-]+$/.test(requirement));
  if (loose.length > 0) throw new Error(`pin every package as name==version; not pinned: ${loose.join(", ")}`);
  const { stdout: version } = await execa("python3", ["-c", "import platform; print(platform.python_version())"]);
  const key = createHash("sha256")
    .update(JSON.stringify([version, [...requirements].sort(), options]))
    .digest("hex")
    .slice(0, 12);
  const dir = join(CACHE, `python-${name}-${key}`);
  const complete = join(dir, COMPLETE);
  if (!existsSync(complete)) {
    await locked(`${dir}.lock`, async () => {
      if (existsSync(complete)) return;
      rmSync(dir, { recursive: true, force: true });
      await install(dir, requirements, options);
      writeFileSync(complete, `${requirements.join("\n")}\n`);
    });
  }
  return environment(dir);
}

/**
 * A folder with the packages of a requirements file that has hashes, for PYTHONPATH; made once, as environments are.
 * It is what a pod's init container makes of the same file.
 */
export async function lockedPackages(name: string, python: string, lock: string): Promise<string> {
  const { stdout: version } = await execa(python, ["-c", "import platform; print(platform.python_version())"]);
  const key = createHash("sha256").update(`${version}\n${lock}`).digest("hex").slice(0, 12);
  const dir = join(CACHE, `python-${name}-${key}`);
  const complete = join(dir, COMPLETE);
  if (existsSync(complete)) return dir;
  await locked(`${dir}.lock`, async () => {
    if (existsSync(complete)) return;
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    const wanted = join(dir, "requirements.lock");
    writeFileSync(wanted, lock);
    const args = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "--no-deps"];
    await execa(python, [...args, "--target", dir, "-r", wanted], { timeout: INSTALL_TIMEOUT * 1000 });
    writeFileSync(complete, "");
  });
  return dir;
}

function environment(dir: string): PythonEnv {
  const python = join(dir, "bin", "python");
  return {
    dir,
    python,
    command: (name) => join(dir, "bin", name),
    async run(args, options = {}) {
      const { stdout } = await execa(python, [...args], options);
      return typeof stdout === "string" ? stdout : "";
    },
  };
}

/**
 * Installs in place and not in a folder that is renamed afterwards: scripts name their interpreter by its full path.
 * The mark that is written last makes it atomic.
 */
async function install(dir: string, requirements: readonly string[], options: PythonEnvOptions): Promise<void> {
  const timeout = INSTALL_TIMEOUT * 1000;
  await execa("python3", ["-m", "venv", dir], { timeout });
  const wanted = join(dir, "requirements.txt");
  const constraints = join(dir, "constraints.txt");
  writeFileSync(wanted, `${requirements.join("\n")}\n`);
  writeFileSync(constraints, `${(options.constraints ?? []).join("\n")}\n`);
  const args = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", wanted, "-c", constraints];
  if (options.complete === true) args.push("--no-deps");
  await execa(join(dir, "bin", "python"), args, { timeout });
}

async function locked(lock: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (abandoned(lock)) rmSync(lock, { force: true });
      else await sleep(250);
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function abandoned(lock: string): boolean {
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age > LOCK_MS) return true;
  try {
    const owner = Number(readFileSync(lock, "utf8"));
    // Between its creation and its owner's name it is empty for a moment.
    if (owner === 0) return age > 5_000;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    // Gone while it was looked at, or its owner is.
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
