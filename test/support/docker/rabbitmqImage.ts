import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { findRabbitmqVersion, formatVersion } from "../../../components/messaging/brokers/rabbitmq/version";
import { ensureDebian, find } from "../debian";
import type { DockerHost } from "./DockerHost";

/** The user of RabbitMQ's own image, which Debian's package numbers otherwise. */
const UID = 999;

/** Begins as root and gives up its rights, as RabbitMQ's own does. */
const ENTRYPOINT = [
  ...["setpriv", "--reuid=rabbitmq", "--regid=rabbitmq", "--init-groups"],
  "/usr/lib/rabbitmq/bin/rabbitmq-server",
];

/** In the chroot: the user's number, and what belongs to it. */
const RENUMBER = [
  `groupmod -g ${UID} rabbitmq`,
  `usermod -u ${UID} -g ${UID} rabbitmq`,
  "chown -R rabbitmq:rabbitmq /var/lib/rabbitmq /var/log/rabbitmq",
].join(" && ");

const FLAGS = [
  "--variant=apt",
  "--include=rabbitmq-server",
  '--aptopt=APT::Install-Recommends "false"',
  // The archive is what is kept: nothing is lost if the machine goes down meanwhile.
  "--dpkgopt=force-unsafe-io",
  ...["man", "doc", "locale"].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
  `--customize-hook=chroot "$1" sh -c '${RENUMBER}'`,
];

/**
 * Imports an image of Debian's RabbitMQ into an engine, laid out like RabbitMQ's own: nothing can be pulled where the
 * tests run. Its root file system is made once a user, and kept. Gives the image's name, whose tag is the version.
 */
export async function importRabbitmqImage(host: DockerHost): Promise<string> {
  const kept = await rootFileSystem();
  const version = findRabbitmqVersion(readFileSync(join(kept, "version"), "utf8"));
  if (version === undefined) throw new Error(`${kept}/version names no version of RabbitMQ`);
  const image = `fabric-test/rabbitmq:${formatVersion(version)}`;
  const changes = [`ENTRYPOINT ${JSON.stringify(ENTRYPOINT)}`, "ENV HOME=/var/lib/rabbitmq"];
  await host.docker(["import", ...changes.flatMap((change) => ["--change", change]), "-", image], {
    stdin: "pipe",
    inputFile: join(kept, "rootfs.tar"),
  });
  return image;
}

async function rootFileSystem(): Promise<string> {
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "stable";
  const recipe = createHash("sha256").update(JSON.stringify(FLAGS)).digest("hex").slice(0, 12);
  const base = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "openstack-fabric");
  const kept = join(base, `rabbitmq-rootfs-${codename}-${recipe}`);
  if (existsSync(kept)) return kept;
  await ensureDebian(["mmdebstrap"], ["mmdebstrap"]);
  mkdirSync(base, { recursive: true });
  const building = mkdtempSync(`${kept}.`);
  try {
    const version = `--customize-hook=chroot "$1" dpkg-query -W -f '\${Version}' rabbitmq-server > '${join(building, "version")}'`;
    const args = [...FLAGS, version, codename, join(building, "rootfs.tar"), aptSources()];
    await execa(find("mmdebstrap") ?? "mmdebstrap", args, { all: true });
    renameSync(building, kept);
  } catch (error) {
    // Another run may have been quicker.
    if (!existsSync(kept)) throw error;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return kept;
}

/** Where this machine has its Debian packages from. */
function aptSources(): string {
  const known = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"].find((file) => existsSync(file));
  if (known === undefined) throw new Error("apt has no sources of Debian's packages");
  return known;
}
