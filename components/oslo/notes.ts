import { hasQuorumQueues } from "../messaging/backend/matrix";
import { compareReleases, type Release } from "../releases";
import { hasOption, libraryVersion } from "./catalogue";
import { RABBIT } from "./drivers/rabbit";
import type { ServiceConfigRequest, ServiceTransport } from "./serviceConfig";
import { serviceOf } from "./services";

type Noted = Pick<ServiceConfigRequest, "service" | "release" | "settings"> & {
  rpc: Pick<ServiceTransport, "driver">;
  notifications: Pick<ServiceTransport, "driver">;
};

/** oslo.messaging 14.8.0 to 17.3.2 and 18.0 to 18.1 sleep half a second in the RabbitMQ driver's wait for a reply. */
const SLOW_REPLIES: [Release, Release] = ["2024.2", "2026.1"];

/** What is worth knowing and no option can change. */
export function noteTexts(noted: Noted): string[] {
  const { service, release } = noted;
  const { rpc = true } = serviceOf(service);
  const rabbitRpc = rpc && noted.rpc.driver === "rabbit";
  const rabbit = rabbitRpc || noted.notifications.driver === "rabbit";
  const version = libraryVersion("oslo.messaging", release);
  return [
    ...(rabbitRpc && within(release, SLOW_REPLIES) ? [slowReplies(service, version)] : []),
    ...(rabbit ? rabbitNotes(service, release, version) : []),
    ...(rabbit && hasOption(RABBIT, "use_queue_manager", release) ? [lockPath(service)] : []),
    ...(noted.notifications.driver === "kafka"
      ? [`${service}: oslo.messaging calls its Kafka driver experimental.`]
      : []),
    ...(rpc && noted.rpc.driver === "zmq" ? [`${service}: RPC goes in the clear; the ZeroMQ driver has no TLS.`] : []),
    ...(service === "nova" ? [CELLS] : []),
    ...deliveryNotes(noted),
  ];
}

function within(release: Release, [first, last]: [Release, Release]): boolean {
  return compareReleases(release, first) >= 0 && compareReleases(release, last) <= 0;
}

function slowReplies(service: string, version: string): string {
  return (
    `${service}: every RPC call over RabbitMQ takes about half a second with oslo.messaging ${version}: from 14.8.0 to ` +
    "17.3.2 and in 18.0 and 18.1 its driver sleeps while it waits for a reply (in threads). 14.7.3 does not, nor do " +
    "versions from 18.2.0 on. Compare no figures on these versions."
  );
}

function rabbitNotes(service: string, release: Release, version: string): string[] {
  const names =
    `${service}: oslo.messaging ${version} checks that a RabbitMQ server's certificate is of our authority, ` +
    "not that it names the server; from 18.1.0 on it does both.";
  const queues = hasQuorumQueues(release)
    ? `${service}: quorum queues need a virtual host in which its queues were not made otherwise before; else they are refused (406 PRECONDITION_FAILED).`
    : `${service}: oslo.messaging ${version} cannot ask for quorum queues; its durable queues are of the virtual host's default type.`;
  return [names, queues];
}

function lockPath(service: string): string {
  return (
    `${service}: the queue manager keeps its counters by a lock: \`[oslo_concurrency] lock_path\` must name a folder of the ` +
    "service, as the distributions' packages have it."
  );
}

const CELLS =
  "nova: its cells have transport URLs in the API database, too; set them with " +
  "`nova-manage cell_v2 update_cell --transport-url` when the brokers change.";

function deliveryNotes({ service, settings = {} }: Noted): string[] {
  switch (settings.delivery?.kind) {
    case "environment":
      return [
        `${service}: give its units \`EnvironmentFile=/etc/${service}/fabric.env\`; options of several values stay in files.`,
      ];
    case "remote":
      return [
        `${service}: options in its own files go over those of the source. While the source is away it starts all the same, ` +
          'with the library\'s defaults; oslo.config only logs "could not load configuration".',
      ];
    default:
      return [];
  }
}
