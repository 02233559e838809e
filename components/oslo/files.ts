import { UserError } from "../errors";
import type { Release } from "../releases";
import { findOption, libraryVersion } from "./catalogue";
import { planEnvironment, readsEnvironment, renderEnvironment } from "./environment";
import { type IsMulti, renderIni, type Sections } from "./ini";
import { overrideFindings } from "./overrides";
import { caFileOf, isMultiOption, type Part, PARTS, planParts, SECRET_PART, transportsOf } from "./parts";
import { hasRules, policyFileOf, policyFindings, renderPolicy } from "./policy";
import { renderRootwrap, rootwrapFileOf } from "./privileges";
import type { ServiceConfigRequest, ServiceFile } from "./serviceConfig";
import { rootwrapDirs } from "./services";
import type { Delivery, OsloSettings } from "./settings";

/** The section that `config_source` names. */
const SOURCE = "fabric";

/** Files of the service, in no order. */
export function planFiles(request: ServiceConfigRequest): ServiceFile[] {
  checkRequest(request);
  const { service, release, settings = {} } = request;
  const parts = planParts(request);
  const multi: IsMulti = (section, option) => isMultiOption(service, release, section, option);
  return [
    ...optionFiles(request, parts, multi),
    ...caFiles(request),
    ...(hasRules(settings.policy ?? {}, service) ? [policyFile(request)] : []),
    ...rootwrapFiles(request),
  ];
}

/** What a `remote` delivery serves for the service: everything but secrets, at `<uri>/<service><suffix>`. */
export function planRemoteDocument(request: ServiceConfigRequest): { uri: string; content: string } | undefined {
  const { delivery } = request.settings ?? {};
  if (delivery?.kind !== "remote") return undefined;
  checkRequest(request);
  const { service, release } = request;
  const parts = planParts(request);
  const plain = merge(PARTS.filter((part) => part !== SECRET_PART).map((part) => parts[part]));
  return {
    uri: documentUri(delivery, service),
    content: renderIni(plain, (section, option) => isMultiOption(service, release, section, option)),
  };
}

/** What is wrong with the settings for a service at a release; empty when all is right. */
export function settingFindings(service: string, release: Release, settings: OsloSettings): string[] {
  return [
    ...overrideFindings(service, release, settings.services?.[service] ?? {}),
    ...policyFindings(settings.policy ?? {}, release),
    ...deliveryFindings(settings.delivery, release),
  ];
}

function deliveryFindings(delivery: Delivery | undefined, release: Release): string[] {
  const field = "`messaging.oslo.delivery";
  if (delivery?.kind === "environment" && !readsEnvironment(release)) {
    return [`${field}.kind\` "environment" is not for ${release}: its oslo.config does not read it. Take "files".`];
  }
  if (delivery?.kind !== "remote") return [];
  return [
    ...(delivery.uri?.startsWith("https://") === true
      ? []
      : [`${field}.uri\` must be an https:// address, got ${JSON.stringify(delivery.uri ?? null)}.`]),
    ...(fetchesDocuments(release)
      ? []
      : [
          `${field}.kind\` "remote" is not for ${release}: oslo.config ${libraryVersion("oslo.config", release)} gives its ` +
            'time-out to the HTTP client as a text, which refuses it, and then goes on without the document. Take "files".',
        ]),
  ];
}

/** oslo.config's remote_file driver fails on every document while its own option for the time-out is a text. */
function fetchesDocuments(release: Release): boolean {
  return findOption("remote_file", "timeout", release)?.facts?.type !== "string";
}

function checkRequest({ service, release, settings = {} }: ServiceConfigRequest): void {
  const findings = settingFindings(service, release, settings);
  if (findings.length > 0) throw UserError.all(findings);
}

function optionFiles(request: ServiceConfigRequest, parts: Record<Part, Sections>, multi: IsMulti): ServiceFile[] {
  const { service, settings = {} } = request;
  const delivery: Delivery = settings.delivery ?? { kind: "files" };
  const file = (name: string, sections: Sections, secret = false) => dropIn(request, name, sections, multi, secret);
  switch (delivery.kind) {
    case "files":
      return PARTS.flatMap((part) => file(part, parts[part], part === SECRET_PART));
    case "remote":
      return [...file(SECRET_PART, parts[SECRET_PART], true), ...file("source", sourceSections(request, delivery))];
    case "environment": {
      const all = merge(PARTS.map((part) => parts[part]));
      const variables = renderEnvironment(planEnvironment(all, multi));
      const repeated = (part: Part) => filtered(parts[part], multi);
      return [
        ownFile(service, `/etc/${service}/fabric.env`, variables, true),
        ...file("repeated", merge(PARTS.filter((part) => part !== SECRET_PART).map(repeated))),
        ...file(SECRET_PART, repeated(SECRET_PART), true),
      ];
    }
  }
}

/** A drop-in, unless there is nothing in it. */
function dropIn(
  { service, release }: ServiceConfigRequest,
  name: string,
  sections: Sections,
  multi: IsMulti,
  secret: boolean,
): ServiceFile[] {
  if (Object.values(sections).every((options) => Object.keys(options).length === 0)) return [];
  const heading = [`${name} of ${service}, for OpenStack ${release}. Written by openstack-fabric; changes are lost.`];
  const path = `/etc/${service}/${service}.conf.d/50-fabric-${name}.conf`;
  return [ownFile(service, path, renderIni(sections, multi, heading), secret)];
}

/** Services run as users of their own names; what is secret is theirs to read and nobody else's. */
function ownFile(service: string, path: string, content: string, secret: boolean): ServiceFile {
  return { path, content, secret, mode: secret ? "0640" : "0644", owner: "root", group: secret ? service : "root" };
}

function sourceSections({ service }: ServiceConfigRequest, delivery: Delivery): Sections {
  const { caFile, clientCert, clientKey } = delivery;
  return {
    DEFAULT: { config_source: [SOURCE] },
    [SOURCE]: {
      driver: "remote_file",
      uri: documentUri(delivery, service),
      ...(caFile === undefined ? {} : { ca_path: caFile }),
      ...(clientCert === undefined ? {} : { client_cert: clientCert }),
      ...(clientKey === undefined ? {} : { client_key: clientKey }),
    },
  };
}

function documentUri({ uri = "", suffix = "" }: Delivery, service: string): string {
  return `${uri.replace(/\/$/, "")}/${service}${suffix}`;
}

function caFiles(request: ServiceConfigRequest): ServiceFile[] {
  const { service } = request;
  return transportsOf(request).flatMap(({ driver, caPem }) =>
    caPem === undefined || driver === "zmq" ? [] : [ownFile(service, caFileOf(service, driver), caPem, false)],
  );
}

function policyFile({ service, settings }: ServiceConfigRequest): ServiceFile {
  return ownFile(service, policyFileOf(service), renderPolicy(settings?.policy?.rules?.[service] ?? {}), false);
}

function rootwrapFiles({ service, release }: ServiceConfigRequest): ServiceFile[] {
  const dirs = rootwrapDirs(service, release);
  return dirs === undefined ? [] : [ownFile(service, rootwrapFileOf(service), renderRootwrap(service, dirs), false)];
}

function merge(all: readonly Sections[]): Sections {
  const merged: Record<string, Sections[string]> = {};
  for (const sections of all) {
    for (const [section, options] of Object.entries(sections)) merged[section] = { ...merged[section], ...options };
  }
  return merged;
}

function filtered(sections: Sections, keep: IsMulti): Sections {
  return Object.fromEntries(
    Object.entries(sections).map(([section, options]) => [
      section,
      Object.fromEntries(Object.entries(options).filter(([option]) => keep(section, option))),
    ]),
  );
}
