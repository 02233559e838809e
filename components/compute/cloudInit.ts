import { stringify } from "yaml";

/** A file that cloud-init writes before anything starts. */
export interface HostFile {
  path: string;
  content: string;
  /** Octal mode. Default `0644`. */
  mode?: string;
}

/** A container that systemd runs by podman's Quadlet. */
export interface HostContainer {
  /** Name of the unit and the container. */
  name: string;
  image: string;
  description: string;
  /** Numeric user id inside the image that must be able to read the mounted files. */
  uid: number;
  /** `host path:container path[:options]`. */
  volumes: readonly string[];
  /** Command, if not the image's own. */
  exec?: string;
  environment?: Readonly<Record<string, string>>;
}

/** How a server tells whether it does its work. */
export interface HostHealth {
  /** What the server is, in one word, such as `broker`. */
  role: string;
  /** Shell script: it ends with 0 when the server is ready, and the last line that it prints says why or why not. */
  check: string;
}

/** Everything a server is told at its first boot. */
export interface HostPlan {
  hostName: string;
  /** Names that the server must resolve without a DNS. */
  hosts: readonly { hostName: string; address: string }[];
  files: readonly HostFile[];
  /** Directories that belong to the container's user. */
  ownedDirectories: readonly string[];
  /** Where the data volume is mounted; without it the server keeps no data. */
  dataMount?: string;
  /** Files copied once the data volume is mounted: what is written below the mount point would be hidden by it. */
  copies?: readonly { from: string; to: string }[];
  container: HostContainer;
  health?: HostHealth;
}

const DATA_DISK_SCRIPT = "/usr/local/sbin/fabric-data-disk";

/** The device under which the data volume, attached last, shows up with virtio. */
const DATA_DEVICE = "/dev/vdb";

/** User data (`#cloud-config`) of a server that runs one container. */
export function renderCloudConfig(host: HostPlan): string {
  const config = {
    hostname: host.hostName,
    preserve_hostname: false,
    package_update: true,
    packages: ["podman"],
    write_files: [
      { path: "/etc/cloud/templates/hosts.debian.tmpl", content: renderHosts(host), permissions: "0644" },
      { path: "/etc/hosts", content: renderHosts(host), permissions: "0644" },
      ...host.files.map((file) => ({ path: file.path, content: file.content, permissions: file.mode ?? "0644" })),
      {
        path: `/etc/containers/systemd/${host.container.name}.container`,
        content: renderQuadlet(host.container),
        permissions: "0644",
      },
      ...(host.dataMount === undefined
        ? []
        : [{ path: DATA_DISK_SCRIPT, content: dataDiskScript(), permissions: "0755" }]),
    ],
    runcmd: [
      ...(host.dataMount === undefined ? [] : [[DATA_DISK_SCRIPT, DATA_DEVICE, host.dataMount]]),
      ...(host.copies ?? []).map(({ from, to }) => ["install", "-m", "0400", from, to]),
      ...host.ownedDirectories.map((directory) => [
        "chown",
        "-R",
        `${host.container.uid}:${host.container.uid}`,
        directory,
      ]),
      ["systemctl", "daemon-reload"],
      ["systemctl", "start", `${host.container.name}.service`],
    ],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

function renderHosts(host: HostPlan): string {
  const peers = host.hosts.map((peer) => `${peer.address} ${peer.hostName}`);
  return ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback", ...peers, ""].join("\n");
}

/** A Quadlet unit; systemd starts it at every boot and restarts it when it ends. */
function renderQuadlet(container: HostContainer): string {
  const lines = [
    "[Unit]",
    `Description=${container.description}`,
    "Wants=network-online.target",
    "After=network-online.target",
    "",
    "[Container]",
    `Image=${container.image}`,
    `ContainerName=${container.name}`,
    "Network=host",
    ...container.volumes.map((volume) => `Volume=${volume}`),
    ...Object.entries(container.environment ?? {}).map(([key, value]) => `Environment=${key}=${value}`),
    ...(container.exec === undefined ? [] : [`Exec=${container.exec}`]),
    "",
    "[Service]",
    "Restart=always",
    "RestartSec=5",
    "TimeoutStartSec=900",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ];
  return lines.join("\n");
}

function dataDiskScript(): string {
  return `#!/bin/sh
# Waits for the data volume (it is attached after the server), makes a filesystem the first time only, mounts it.
set -eu
for _ in $(seq 150); do [ -b "$1" ] && break; sleep 2; done
blkid "$1" >/dev/null 2>&1 || mkfs.ext4 -q -L fabric-data "$1"
mkdir -p "$2"
grep -q '^LABEL=fabric-data ' /etc/fstab || echo "LABEL=fabric-data $2 ext4 defaults,nofail 0 2" >> /etc/fstab
mountpoint -q "$2" || mount "$2"
`;
}
