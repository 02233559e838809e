import type { HostContainer, HostFile, HostPlan } from "../compute/cloudInit";

/** A file that is put into a container before it starts. */
export interface ContainerFile {
  path: string;
  content: string;
  /** Octal mode. */
  mode: string;
  /** Numeric user that owns it; 0 is root. */
  owner: number;
}

/** Data that outlives the container. */
export interface ContainerVolume {
  /** Key within the server, unique: empty for the data mount itself, else the folder below it. */
  key: string;
  /** Where it lies in the container. */
  path: string;
}

/** What Docker is told of a server's plan. */
export interface ContainerPlan {
  files: ContainerFile[];
  volumes: ContainerVolume[];
  /** Command, if not the image's own. */
  command?: string[];
  /** `KEY=value`, sorted. */
  environment: string[];
  hosts: { host: string; ip: string }[];
}

/**
 * Whom an image begins as: `root`, who gives up its rights by himself (RabbitMQ's), or a user of its own (`USER`). Docker
 * gives a file that is put into a container to the latter, and looks for him among the users of its host, in vain
 * (moby's `tarCopyOptions`): so such a container's files stay root's.
 */
export type ImageUser = "root" | "own";

/** A folder of the server that the container sees. */
interface Mount {
  hostPath: string;
  path: string;
}

/**
 * What a server's plan means where Docker runs the container itself: files that the server would mount are put into the
 * container, mounts at or below the data volume become volumes of Docker. What only the server would use is left out.
 */
export function planContainer(host: HostPlan, user: ImageUser = "root"): ContainerPlan {
  const mounts = host.container.volumes.map(parseMount);
  const { exec, environment = {} } = host.container;
  return {
    files: [...host.files.flatMap((file) => uploadOf(host, file, mounts)), ...copiesOf(host, mounts)].map((file) =>
      user === "root" ? file : readable(file),
    ),
    volumes: mounts.filter((mount) => isData(host, mount.hostPath)).map((mount) => volumeOf(host, mount)),
    ...(exec !== undefined && { command: wordsOf(exec, host.container) }),
    environment: Object.entries(environment)
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
    hosts: host.hosts.map(({ hostName, address }) => ({ host: hostName, ip: address })),
  };
}

/** The image as a mirror has it: the mirror stands in for the registry in the image's name. */
export function mirroredImage(image: string, mirror: string | undefined): string {
  if (mirror === undefined) return image;
  const [first = "", ...rest] = image.split("/");
  const named = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return `${mirror}/${named ? rest.join("/") : image}`;
}

/** Ready once it listens; the kernel's table is asked, since a connection that says nothing would be logged as an error. */
export function listens(port: number) {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return {
    tests: ["CMD-SHELL", `grep -qE ':${hex} 0+:0000 0A' /proc/net/tcp /proc/net/tcp6`],
    interval: "2s",
    timeout: "10s",
    startPeriod: "5m0s",
    retries: 3,
  };
}

/** Root's, and readable: nobody but the image's user is in the container. */
function readable(file: ContainerFile): ContainerFile {
  return { ...file, mode: (parseInt(file.mode, 8) | 0o444).toString(8).padStart(4, "0"), owner: 0 };
}

function parseMount(text: string): Mount {
  const [hostPath = "", path = hostPath] = text.split(":");
  return { hostPath, path };
}

function below(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function isData(host: HostPlan, path: string): boolean {
  return host.dataMount !== undefined && below(path, host.dataMount);
}

function volumeOf(host: HostPlan, mount: Mount): ContainerVolume {
  const key = mount.hostPath
    .slice(host.dataMount?.length ?? 0)
    .replace(/^\//, "")
    .replaceAll("/", "-");
  return { key, path: mount.path };
}

function uploadOf(host: HostPlan, file: HostFile, mounts: readonly Mount[]): ContainerFile[] {
  const path = pathInside(file.path, mounts);
  if (path === undefined) return [];
  return [{ path, content: file.content, mode: file.mode ?? "0644", owner: ownerOf(host, file.path) }];
}

/** Copies onto the data volume: Docker mounts it before anything is put into the container. */
function copiesOf(host: HostPlan, mounts: readonly Mount[]): ContainerFile[] {
  return (host.copies ?? []).flatMap(({ from, to }) => {
    const source = host.files.find((file) => file.path === from);
    if (source === undefined) throw new Error(`${from} is to be copied, and is not among the files`);
    return uploadOf(host, { path: to, content: source.content, mode: "0400" }, mounts);
  });
}

function pathInside(path: string, mounts: readonly Mount[]): string | undefined {
  const [mount] = mounts
    .filter((candidate) => below(path, candidate.hostPath))
    .sort((a, b) => b.hostPath.length - a.hostPath.length);
  return mount && mount.path + path.slice(mount.hostPath.length);
}

function ownerOf(host: HostPlan, path: string): number {
  return host.ownedDirectories.some((directory) => below(path, directory)) ? host.container.uid : 0;
}

/** Docker takes a list, where systemd takes one line. */
function wordsOf(exec: string, { name }: HostContainer): string[] {
  if (/["'\\]/.test(exec)) throw new Error(`the command of ${name} is quoted, and is not split: ${exec}`);
  return exec.split(/\s+/).filter((word) => word !== "");
}
