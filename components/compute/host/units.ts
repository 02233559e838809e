import { type HostContainer, type HostFile, type HostPlan, LIB, SET_UP, unitOf } from "./plan";

const PRE_START = `${LIB}/pre-start`;

/** Where podman's Quadlet would turn a `.container` file into a unit; Debian 12's podman (4.3) has none, 4.4 brought it. */
export const QUADLET_GENERATOR = "/usr/lib/systemd/system-generators/podman-system-generator";

/** Seconds that a daemon gets to come up: an image may have to be pulled, a broker may wait for its seed. */
const START_SECONDS = 900;
/** Seconds that it gets to hand over its work when it is stopped. */
const STOP_SECONDS = 120;

/** Where the unit lies that is taken on servers without Quadlet. */
export function plainUnitPath(name: string): string {
  return `${LIB}/${name}.service`;
}

/** The files by which systemd runs the daemon. */
export function unitFiles(host: HostPlan): HostFile[] {
  const preStart: HostFile[] =
    host.preStart === undefined ? [] : [{ path: PRE_START, content: host.preStart, mode: "0755" }];
  if (host.package !== undefined) {
    const path = `/etc/systemd/system/${unitOf(host)}.service.d/50-fabric.conf`;
    return [...preStart, { path, content: renderDropIn(host) }];
  }
  const { name } = host.container;
  return [
    ...preStart,
    { path: `/etc/containers/systemd/${name}.container`, content: renderQuadlet(host) },
    { path: plainUnitPath(name), content: renderPlainUnit(host) },
  ];
}

/** A Quadlet unit; systemd starts it at every boot and restarts it when it ends. */
export function renderQuadlet(host: HostPlan): string {
  const { container } = host;
  return lines(
    ...unitSection(host, container.description),
    "",
    "[Container]",
    `Image=${container.image}`,
    `ContainerName=${container.name}`,
    "Network=host",
    ...container.volumes.map((volume) => `Volume=${volume}`),
    ...environment(container).map((assignment) => `Environment=${assignment}`),
    ...(container.exec === undefined ? [] : [`Exec=${container.exec}`]),
    `PodmanArgs=--stop-timeout=${STOP_SECONDS}`,
    "",
    "[Service]",
    ...restartPolicy(host),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
}

/** The same unit as Quadlet would write it, for servers whose podman has no Quadlet. */
export function renderPlainUnit(host: HostPlan): string {
  const { container } = host;
  const run = [
    `/usr/bin/podman run --name=${container.name} --cidfile=%t/%N.cid --replace --rm --cgroups=split --network=host`,
    `--sdnotify=conmon --stop-timeout=${STOP_SECONDS} -d`,
    ...container.volumes.map((volume) => `-v ${volume}`),
    ...environment(container).map((assignment) => `--env ${assignment}`),
    container.image,
    ...(container.exec === undefined ? [] : [container.exec]),
  ];
  return lines(
    ...unitSection(host, container.description),
    "RequiresMountsFor=%t/containers",
    "",
    "[Service]",
    "Type=notify",
    "NotifyAccess=all",
    "Delegate=yes",
    "KillMode=mixed",
    "Environment=PODMAN_SYSTEMD_UNIT=%n",
    `ExecStart=${run.join(" \\\n  ")}`,
    "ExecStop=/usr/bin/podman rm -f -i --cidfile=%t/%N.cid",
    "ExecStopPost=-/usr/bin/podman rm -f -i --cidfile=%t/%N.cid",
    ...restartPolicy(host),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
}

/** What is added to a package's own unit. */
function renderDropIn(host: HostPlan): string {
  return lines(
    "# Installing the package would start its unit: not before the data volume and the configuration are there.",
    ...unitSection(host),
    `ConditionPathExists=${SET_UP}`,
    "",
    "[Service]",
    ...restartPolicy(host),
    "# The journal is what is shipped; the package's unit writes to files of its own.",
    "StandardOutput=journal",
    "StandardError=journal",
  );
}

function unitSection(host: HostPlan, description?: string): string[] {
  return [
    "[Unit]",
    ...(description === undefined ? [] : [`Description=${description}`]),
    "Wants=network-online.target",
    "After=network-online.target",
    // A daemon that came up without its data volume would begin anew on the system's disk.
    ...(host.dataMount === undefined ? [] : [`RequiresMountsFor=${host.dataMount}`]),
    // Restarted for as long as it takes: systemd's default gives up after five times in ten seconds.
    "StartLimitIntervalSec=0",
  ];
}

function restartPolicy(host: HostPlan): string[] {
  return [
    ...(host.preStart === undefined ? [] : [`ExecStartPre=+${PRE_START}`]),
    "Restart=always",
    "RestartSec=5",
    `TimeoutStartSec=${START_SECONDS}`,
    `TimeoutStopSec=${STOP_SECONDS + 30}`,
  ];
}

/** Assignments, quoted as systemd reads them; `%` and `$` mean something to it. */
function environment(container: HostContainer): string[] {
  return Object.entries(container.environment ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const plain = `${key}=${value.replaceAll("%", "%%").replaceAll("$", "$$$$")}`;
      return /^[\w=%$@:,./+-]*$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, "\\$&")}"`;
    });
}

function lines(...all: readonly string[]): string {
  return [...all, ""].join("\n");
}
