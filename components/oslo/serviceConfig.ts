import type { HostFile } from "../compute/cloudInit";
import { UserError } from "../errors";
import type { DriverName } from "../messaging/backend/drivers";
import type { Release } from "../releases";
import { planFiles, settingFindings } from "./files";
import { noteTexts } from "./notes";
import type { OsloSettings } from "./settings";

/** A file of a service's configuration. */
export interface ServiceFile extends HostFile {
  mode: string;
  owner: string;
  group: string;
  /** Whether it holds passwords: it must never lie in a store in the clear. */
  secret: boolean;
}

/** A transport of oslo.messaging. */
export interface ServiceTransport {
  driver: DriverName;
  /** `transport_url`, with the service's login: a secret. */
  url: string;
  /** Authority of the servers' certificates, as PEM. Default: the system's authorities. */
  caPem?: string;
}

export interface ServiceConfigRequest {
  /** The service, such as `nova`; its user, group and folder below `/etc` have the same name. */
  service: string;
  /** OpenStack release of the service: decides which options there are. */
  release: Release;
  rpc: ServiceTransport;
  notifications: ServiceTransport;
  settings?: OsloSettings;
}

/**
 * All files that a service needs to use the messaging backend, in path order: messaging, logging, policy and
 * privileges, as drop-ins beside the service's own configuration. Pure: secrets that come in are in files with
 * `secret` only. An option that the release has not got is a `UserError`.
 */
export function planServiceConfig(request: ServiceConfigRequest): ServiceFile[] {
  return planFiles(request).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What an operator should know of a service's configuration at its release. Holds no secrets. */
export function planServiceNotes(
  request: Pick<ServiceConfigRequest, "service" | "release" | "settings"> & {
    rpc: Pick<ServiceTransport, "driver">;
    notifications: Pick<ServiceTransport, "driver">;
  },
): string[] {
  return noteTexts(request);
}

/** Refuses settings that a release has no options for, all at once; needs no secrets, so that a preview can ask. */
export function checkServices(services: readonly string[], release: Release, settings: OsloSettings): void {
  const named = [
    ...Object.keys(settings.services ?? {}).map((service) => ["services", service]),
    ...Object.keys(settings.policy?.rules ?? {}).map((service) => ["policy.rules", service]),
  ];
  const strangers = named
    .filter(([, service]) => service !== undefined && !services.includes(service))
    .map(
      ([field, service]) =>
        `\`messaging.oslo.${field}.${service}\` is for a service that \`messaging.services\` has not got; it has ${services.join(", ")}.`,
    );
  const findings = services.flatMap((service) => settingFindings(service, release, settings));
  const all = [...new Set([...strangers, ...findings])];
  if (all.length > 0) throw UserError.all(all);
}

export { planRemoteDocument } from "./files";
