import type { InstallMethod } from "../../compute/host/plan";
import type { BrokerKind } from "../backend/matrix";
import { seriesOf, upgradeFinding } from "./rabbitmq/upgrade";
import {
  compareVersions,
  DEFAULT_RABBITMQ,
  findRabbitmqVersion,
  formatVersion,
  OLDEST_RABBITMQ,
  type RabbitmqVersion,
} from "./rabbitmq/version";

/** Nova's metadata key that says which broker a server runs, such as `rabbitmq 4.1.4`. */
export const BROKER_KEY = "fabric-broker";

/** A broker's server that is there. */
export interface DeployedBroker {
  hostName: string;
  /** Value of `fabric-broker`; servers of before that key have none. */
  broker?: string;
}

/** The brokers that a stack wants. */
export interface WantedBrokers {
  kind: BrokerKind;
  /** Where its version is read; default: the default image's. */
  image?: string;
  hostNames: readonly string[];
}

/** Metadata by which a later update knows what runs on a server; `image` may be a package's version, too. */
export function brokerMetadata(kind: BrokerKind, image?: string): Record<string, string> {
  const version = kind === "rabbitmq" ? versionOf(image) : undefined;
  return { [BROKER_KEY]: version === undefined ? kind : `${kind} ${formatVersion(version)}` };
}

/** Where the version of what runs is read: the image's tag, or the package's version (Debian 12's by default). */
export function installedAs(broker: {
  install?: InstallMethod;
  packageVersion?: string;
  containerImage?: string;
}): string | undefined {
  if (broker.install !== "package") return broker.containerImage;
  return broker.packageVersion ?? formatVersion(OLDEST_RABBITMQ);
}

function versionOf(image: string | undefined): RabbitmqVersion | undefined {
  return image === undefined ? DEFAULT_RABBITMQ : findRabbitmqVersion(image);
}

/** What is wrong with a change of brokers that hold data: each finding says what is there and which steps to take. */
export function brokerChangeFindings(deployed: readonly DeployedBroker[], wanted: WantedBrokers): string[] {
  if (deployed.length === 0) return [];
  const kind = kindFinding(deployed, wanted);
  // What else changes with the kind is of no use to know.
  if (kind !== undefined) return [kind];
  return [sizeFinding(deployed, wanted), versionFinding(deployed, wanted)].filter((finding) => finding !== undefined);
}

function kindFinding(deployed: readonly DeployedBroker[], { kind }: WantedBrokers): string | undefined {
  const others = deployed.filter(({ broker }) => broker !== undefined && broker.split(" ")[0] !== kind);
  const [first] = others;
  if (first?.broker === undefined) return undefined;
  return (
    `\`messaging.broker.kind\`: ${list(others)} ${others.length === 1 ? "runs" : "run"} ${first.broker} and hold its data, "${kind}" was asked for. ` +
    `Deploy ${kind} in a stack with another \`cloud.prefix\`, move the services there, then remove this one.`
  );
}

/** A cluster loses its quorum where no majority of it stays, and Kafka what only the members that go have. */
function sizeFinding(deployed: readonly DeployedBroker[], { kind, hostNames }: WantedBrokers): string | undefined {
  const staying = deployed.filter(({ hostName }) => hostNames.includes(hostName));
  if (kind === "kafka" && staying.length < deployed.length) {
    return (
      `\`messaging.broker.nodes\`: Kafka hands nothing over by itself: partitions that only the members that go have would be lost, ` +
      `and their votes would be missing from the controllers' quorum. Keep ${deployed.length}, or deploy a new cluster under another ` +
      "`cloud.prefix` and move the services."
    );
  }
  const needed = Math.floor(deployed.length / 2) + 1;
  if (staying.length >= needed) return undefined;
  const there = `\`messaging.broker.nodes\`: of the ${deployed.length} members that are there (${list(deployed)}) ${staying.length} would stay, fewer than the ${needed} that their queues need to go on.`;
  if (deployed.length <= 3) {
    return `${there} Keep ${deployed.length}, or deploy a new cluster under another \`cloud.prefix\` and move the services.`;
  }
  const steps = [];
  const below = deployed.length % 2 === 0 ? deployed.length - 1 : deployed.length - 2;
  for (let size = below; size > Math.max(hostNames.length, 3); size -= 2) steps.push(size);
  const last = hostNames.length >= 3 ? hostNames.length : 3;
  const then = hostNames.length >= 3 ? "" : " Fewer than 3 cannot follow: they would be no majority of 3.";
  return `${there} Take ${[...steps, last].join(", then ")}, and wait after each until the cluster has forgotten those that went.${then}`;
}

function versionFinding(deployed: readonly DeployedBroker[], { kind, image }: WantedBrokers): string | undefined {
  const to = kind === "rabbitmq" ? versionOf(image) : undefined;
  if (to === undefined) return undefined;
  const versions = deployed
    .map((server) => ({ ...server, version: findRabbitmqVersion(server.broker?.split(" ")[1] ?? "") }))
    .filter((server): server is typeof server & { version: RabbitmqVersion } => server.version !== undefined)
    .sort((a, b) => compareVersions(a.version, b.version));
  const series = new Set(versions.map(({ version }) => seriesOf(version)));
  const newest = versions.at(-1)?.version;
  if (series.size > 1 && newest !== undefined && !series.has(seriesOf(to))) {
    return (
      `\`messaging.broker.containerImage\`: an update from ${[...series].join(" to ")} is not through on ${list(deployed)}; with ` +
      `${formatVersion(to)} the cluster would mix ${series.size + 1} series. Finish the update to ${formatVersion(newest)} first.`
    );
  }
  for (const { version } of versions) {
    const finding = upgradeFinding(version, to);
    const on = versions.filter((server) => formatVersion(server.version) === formatVersion(version));
    if (finding !== undefined) return `\`messaging.broker.containerImage\`: ${list(on)}: ${finding}.`;
  }
  return undefined;
}

function list(servers: readonly DeployedBroker[]): string {
  return servers
    .map(({ hostName }) => hostName)
    .sort()
    .join(", ");
}
