import type { DriverName } from "../messaging/backend/drivers";
import type { Release } from "../releases";
import { findOption } from "./catalogue";
import { AMQP, amqpOptions } from "./drivers/amqp";
import { KAFKA, kafkaOptions } from "./drivers/kafka";
import { RABBIT, rabbitOptions } from "./drivers/rabbit";
import { ZMQ, zmqOptions } from "./drivers/zmq";
import type { OptionValue, Sections } from "./ini";
import { loggingOptions } from "./logging";
import { policyOptions } from "./policy";
import { privilegeOptions } from "./privileges";
import type { ServiceConfigRequest, ServiceTransport } from "./serviceConfig";
import { serviceOf } from "./services";

/** Options that belong together and go into one file. */
export const PARTS = ["messaging", "transport", "logging", "policy", "privileges"] as const;
export type Part = (typeof PARTS)[number];

/** The part that holds what is secret; no other does. */
export const SECRET_PART: Part = "transport";

/** Seconds until an RPC call without a reply fails; the library's own default, written down. */
const RPC_TIMEOUT = 60;

/** A service's options, part by part, with the user's own over them. */
export function planParts(request: ServiceConfigRequest): Record<Part, Sections> {
  const { service, release, settings = {} } = request;
  const parts: Record<Part, Record<string, Record<string, OptionValue>>> = {
    messaging: copy(messagingOptions(request)),
    transport: copy(transportOptions(request)),
    logging: copy(loggingOptions(settings.logging ?? {}, release)),
    policy: copy(policyOptions(settings.policy ?? {}, service)),
    privileges: copy(privilegeOptions(service, release)),
  };
  for (const [section, options] of Object.entries(settings.services?.[service] ?? {})) {
    for (const [option, value] of Object.entries(options)) {
      const target = parts[partOf(parts, section, option, release)];
      target[section] = { ...target[section], [option]: value };
    }
  }
  return parts;
}

/** Secret options go with the URLs, the others where the option or its section is. */
function partOf(parts: Record<Part, Sections>, section: string, option: string, release: Release): Part {
  if (findOption(section, option, release)?.facts?.secret === true) return SECRET_PART;
  const plain = PARTS.filter((part) => part !== SECRET_PART);
  return (
    plain.find((part) => Object.hasOwn(parts[part][section] ?? {}, option)) ??
    plain.find((part) => Object.hasOwn(parts[part], section)) ??
    "messaging"
  );
}

function copy(sections: Sections): Record<string, Record<string, OptionValue>> {
  return Object.fromEntries(Object.entries(sections).map(([section, options]) => [section, { ...options }]));
}

/** File on the service's server with the authority of a driver's servers; each driver has one section, and so one file. */
export function caFileOf(service: string, driver: DriverName): string {
  return `/etc/${service}/fabric-${driver}-ca.pem`;
}

/** The transports that a service uses: one that makes no calls has no use for RPC's. */
export function transportsOf({ service, rpc, notifications }: ServiceConfigRequest): ServiceTransport[] {
  const used = serviceOf(service).rpc === false ? [notifications] : [rpc, notifications];
  return used.filter((transport, at) => used.findIndex(({ driver }) => driver === transport.driver) === at);
}

function messagingOptions(request: ServiceConfigRequest): Sections {
  const { service, release, settings = {} } = request;
  const { exchange, rpc: calls = true, own = {} } = serviceOf(service);
  return {
    DEFAULT: {
      ...(exchange === undefined ? {} : { control_exchange: exchange }),
      ...(calls ? { rpc_response_timeout: settings.rpcResponseTimeout ?? RPC_TIMEOUT } : {}),
    },
    oslo_messaging_notifications: { driver: ["messagingv2"], topics: ["notifications"] },
    ...Object.fromEntries(transportsOf(request).map((transport) => driverSection(transport, release, service))),
    ...own,
  };
}

function driverSection(
  { driver, caPem }: ServiceTransport,
  release: Release,
  service: string,
): [string, Record<string, OptionValue>] {
  const caFile = caPem === undefined ? undefined : caFileOf(service, driver);
  switch (driver) {
    case "amqp":
      return [AMQP, amqpOptions(caFile)];
    case "kafka":
      return [KAFKA, kafkaOptions(release, service, caFile)];
    case "zmq":
      return [ZMQ, zmqOptions()];
    case "rabbit":
      return [RABBIT, rabbitOptions(release, caFile)];
    default:
      throw new Error(`oslo.messaging of ${release} has no driver ${driver}`);
  }
}

/** The URLs, and nothing else: this part is the secret one. */
function transportOptions({ service, rpc, notifications }: ServiceConfigRequest): Sections {
  const { rpc: calls = true, listensBy } = serviceOf(service);
  return {
    ...(calls ? { DEFAULT: { transport_url: rpc.url } } : {}),
    oslo_messaging_notifications: { transport_url: notifications.url },
    ...(listensBy && { [listensBy.section]: { [listensBy.option]: [notifications.url] } }),
  };
}

/** Whether an option is set by a line a value. */
export function isMultiOption(service: string, release: Release, section: string, option: string): boolean {
  const { listensBy } = serviceOf(service);
  if (listensBy?.section === section && listensBy.option === option) return true;
  return findOption(section, option, release)?.facts?.type === "multi";
}
