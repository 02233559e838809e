import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { ensureDebian } from "./debian";

/** What a machine boots from: Debian 12 with cloud-init, and the packages that a broker's servers need. */
export interface MachineImage {
  kernel: string;
  initrd: string;
  /** ext4 file system of the root disk, as a raw image. */
  root: string;
}

const SUITE = "bookworm";

/** A small Debian as cloud images have it; the guest agent is the test's way in. */
const PACKAGES = [
  ...["systemd-sysv", "systemd-resolved", "udev", "dbus", "cloud-init", "linux-image-cloud-amd64", "e2fsprogs"],
  ...["ca-certificates", "iproute2", "nftables", "qemu-guest-agent", "rabbitmq-server"],
];

const CUSTOMIZE = [
  // As in cloud images: the locale that is there without generating one.
  `echo 'locale: C.UTF-8' > "$1"/etc/cloud/cloud.cfg.d/50-image.cfg`,
  'systemctl --root="$1" enable systemd-networkd',
  // What a machine makes for itself at its first boot.
  'rm -f "$1"/var/lib/rabbitmq/.erlang.cookie && : > "$1"/etc/machine-id',
];

/** Whose versions name the image: with a new one of them it is made anew. */
const KEY_PACKAGES = ["linux-image-cloud-amd64", "cloud-init", "rabbitmq-server", "systemd"];

/** Makes the image, once for each state of Debian's packages; a quarter of an hour on a slow machine. */
export async function ensureMachineImage(): Promise<MachineImage> {
  await ensureDebian(["mmdebstrap", "e2fsprogs"], ["mmdebstrap", "mke2fs"]);
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "openstack-fabric");
  const folder = join(cache, `machine-${SUITE}-${await versionsKey()}`);
  if (!existsSync(folder)) await makeImage(cache, folder);
  return { kernel: join(folder, "vmlinuz"), initrd: join(folder, "initrd.img"), root: join(folder, "root.img") };
}

async function versionsKey(): Promise<string> {
  const { stdout } = await execa("apt-cache", ["policy", ...KEY_PACKAGES]);
  const candidates = [...stdout.matchAll(/Candidate: (\S+)/g)].map(([, version]) => version);
  const recipe = JSON.stringify([candidates, PACKAGES, CUSTOMIZE]);
  return createHash("sha256").update(recipe).digest("hex").slice(0, 12);
}

async function makeImage(cache: string, folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, ".machine-"));
  const tree = join(work, "tree");
  try {
    await asRoot("mmdebstrap", [
      ...["--variant=minbase", `--include=${PACKAGES.join(",")}`, '--aptopt=APT::Install-Recommends "false"'],
      ...["--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*"],
      ...CUSTOMIZE.map((command) => `--customize-hook=${command}`),
      ...[SUITE, tree, ...(await mirrors())],
    ]);
    await asRoot("mke2fs", ["-q", "-t", "ext4", "-L", "fabric-root", "-d", tree, join(work, "root.img"), "1536M"]);
    await asRoot("cp", ["-L", join(tree, "vmlinuz"), join(tree, "initrd.img"), work]);
    await asRoot("rm", ["-rf", tree]);
    await asRoot("chmod", ["-R", "a+rX", work]);
    renameSync(work, folder);
  } finally {
    if (existsSync(work)) await asRoot("rm", ["-rf", work]);
    rmSync(work, { recursive: true, force: true });
  }
}

/** The archive that this machine takes the suite from; without one, mmdebstrap's own default is taken. */
async function mirrors(): Promise<string[]> {
  const format = ["--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages"];
  const { stdout } = await execa("apt-get", ["indextargets", ...format]);
  const line = stdout.split("\n").find((each) => each.startsWith(`${SUITE} `));
  return line === undefined ? [] : [line.slice(SUITE.length + 1)];
}

/** Owners and devices of an image's files can only be made as root. */
async function asRoot(command: string, args: readonly string[]): Promise<void> {
  const [file, ...rest] =
    process.getuid?.() === 0 ? ["nice", "-n", "10", command, ...args] : ["sudo", "-n", command, ...args];
  await execa(file ?? command, rest, { stdin: "ignore", env: { DEBIAN_FRONTEND: "noninteractive" } });
}
