import { DATA_DISK_SCRIPT } from "./dataDisk";
import { LOG_PACKAGES } from "./logs";
import { type HostFile, type HostPlan, type HostSettings, ownerOf, SET_UP, shellWord, unitOf } from "./plan";
import { plainUnitPath, QUADLET_GENERATOR } from "./units";

export const SETUP_SCRIPT = "/usr/local/sbin/fabric-setup";

/** What a server needs beside what its image has. */
export function packagesOf(host: HostPlan, settings: HostSettings): string[] {
  return [
    ...(host.package?.packages ?? ["podman"]),
    ...(host.openings === undefined ? [] : ["nftables"]),
    ...(settings.logs === undefined ? [] : LOG_PACKAGES),
  ];
}

/**
 * What is done once, at the first boot. cloud-init's `runcmd` goes on after a failed command, which would start a
 * broker on the system's disk when its volume cannot be mounted; this script stops, and says on the console where.
 */
export function setupFile(host: HostPlan, settings: HostSettings): HostFile {
  const role = host.health?.role ?? "server";
  const steps: [string, string[]][] = [
    // A package that the image brings may have been started before its configuration was there.
    ["stopping", ["systemctl daemon-reload", `systemctl stop ${unitOf(host)}.service 2>/dev/null || true`]],
    ["installing packages", [installCommands(packagesOf(host, settings))]],
    ["the firewall", host.openings === undefined ? [] : ["nft -f /etc/nftables.conf", "systemctl enable nftables"]],
    ["the data volume", dataCommands(host)],
    ["the daemon's files", fileCommands(host)],
    ["log shipping", settings.logs === undefined ? [] : ["systemctl restart systemd-journald rsyslog"]],
    ["starting", startCommands(host)],
  ];
  const body = steps
    .filter(([, commands]) => commands.length > 0)
    .map(([title, commands]) => [`step=${shellWord(title)}`, ...commands, ""].join("\n"));
  const content = `#!/bin/sh
# Sets the server up, once. Every step may be done again: after a failure, run it by hand.
set -eu
step=beginning
failed() {
  code=$?
  [ $code = 0 ] || printf '\\r\\nfabric-health: not-ready ${role} ${host.hostName} setup failed at: %s\\r\\n' "$step" > /dev/console
}
trap failed EXIT

${body.join("\n")}`;
  return { path: SETUP_SCRIPT, content, mode: "0755" };
}

/**
 * Installs what is missing, and asks no mirror when nothing is. cloud-init's own `packages` asks one at every first
 * boot: a server could then not be replaced while the mirror is away, and never where there is none. So a server
 * without a way out takes an image that has the packages, and one with a mirror takes any.
 */
function installCommands(packages: readonly string[]): string {
  return `missing=
for package in ${packages.join(" ")}; do
  if command -v dpkg-query >/dev/null; then
    dpkg-query -W -f '\${db:Status-Status}\\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
  else
    rpm -q --whatprovides "$package" >/dev/null 2>&1 || missing="$missing $package"
  fi
done
install_missing() {
  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q -o DPkg::Lock::Timeout=300 update &&
      apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold install --no-install-recommends $missing
  else
    dnf -q -y install $missing
  fi
}
if [ -n "$missing" ]; then
  step="installing$missing: the image has them not, and no mirror gives them"
  for try in 1 2 3 4 5; do
    if install_missing; then missing=; break; fi
    sleep 20
  done
  [ -z "$missing" ]
fi`;
}

function dataCommands(host: HostPlan): string[] {
  if (host.dataMount === undefined) return [];
  return [`${DATA_DISK_SCRIPT} ${shellWord(host.dataMount)}`];
}

function fileCommands(host: HostPlan): string[] {
  return [
    ...(host.copies ?? []).map(({ from, to }) => `install -m 0400 ${shellWord(from)} ${shellWord(to)}`),
    // By number the owner differs from image to image, so that a replaced server's data may be another user's.
    ...host.ownedDirectories.map((directory) => `chown -R ${ownerOf(host)} ${shellWord(directory)}`),
  ];
}

function startCommands(host: HostPlan): string[] {
  const unit = unitOf(host);
  const timers = [
    ...(host.health === undefined ? [] : ["fabric-health"]),
    ...(host.jobs ?? []).map(({ name }) => name),
  ];
  const plain = plainUnitPath(unit);
  const enable = `systemctl enable ${unit}.service`;
  return [
    `install -D /dev/null ${SET_UP}`,
    ...(host.package === undefined
      ? [
          `if [ ! -x ${QUADLET_GENERATOR} ]; then`,
          `  install -m 0644 ${plain} /etc/systemd/system/`,
          `  ${enable}`,
          "fi",
        ]
      : [enable]),
    "systemctl daemon-reload",
    // Not waited for: a member may wait for its seed. What became of it is what the health check says.
    `systemctl restart --no-block ${unit}.service`,
    ...timers.map((name) => `systemctl enable --now ${name}.timer`),
  ];
}
