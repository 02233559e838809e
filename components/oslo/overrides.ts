import { closest } from "fastest-levenshtein";

import { compareReleases, type Release } from "../releases";
import {
  findOption,
  isPrivsep,
  type Known,
  libraryVersion,
  type OptionFacts,
  optionNames,
  releaseAfter,
  sectionNames,
  successorOf,
} from "./catalogue";
import type { OptionValue, Sections } from "./ini";
import { privsepSections, serviceOf } from "./services";

/** What to take instead of options that were removed, where the library did not say it in the option itself. */
const INSTEAD: Readonly<Record<string, string>> = {
  "oslo_messaging_amqp.*":
    "RabbitMQ (`broker.kind: rabbitmq`, mode `vanilla`); the AMQP 1.0 driver and its section went together",
  "oslo_messaging_zmq.*": "the router mesh (mode `hybrid`); the ZeroMQ driver and its section went together",
  "matchmaker_redis.*": "the router mesh (mode `hybrid`); the ZeroMQ driver and its section went together",
  "oslo_messaging_rabbit.heartbeat_in_pthread": "nothing: services no longer run on eventlet's green threads",
  "oslo_policy.enforce_new_defaults": "nothing: the new defaults always hold",
};

/** What is wrong with options that a user set for a service, each with what to do; empty when all are right. */
export function overrideFindings(
  service: string,
  release: Release,
  overrides: Sections,
  field = `messaging.oslo.services.${service}`,
): string[] {
  return Object.entries(overrides).flatMap(([section, options]) =>
    Object.entries(options).flatMap(([option, value]) => {
      const path = `${field}.${section}.${option}`;
      const finding = optionFinding({ service, release, section, option, value });
      return finding === undefined ? [] : [`\`${path}\` ${finding}`];
    }),
  );
}

interface Override {
  service: string;
  release: Release;
  section: string;
  option: string;
  value: OptionValue;
}

function optionFinding(given: Override): string | undefined {
  const { service, release, section, option } = given;
  if (Object.hasOwn(serviceOf(service).own?.[section] ?? {}, option)) return undefined;
  if (section === "remote_file") return "is set by `messaging.oslo.delivery`.";
  if (isPrivsep(section) && !privsepSections(service, release).includes(section)) {
    const has = privsepSections(service, release);
    return `is of no context of ${service} in ${release}; ${has.length === 0 ? "it has none" : `it has ${has.join(", ")}`}.`;
  }
  const known = findOption(section, option, release);
  if (known === undefined) return unknown(given);
  if (known.facts === undefined) return absent(given, known);
  const wrong = valueFinding(given.value, known.facts);
  const shown = known.facts.secret === true ? "[secret]" : JSON.stringify(given.value);
  return wrong === undefined ? undefined : `must be ${wrong}, got ${shown}.`;
}

function unknown({ section, option, release, service }: Override): string {
  const successor = successorOf(section, option, release);
  if (successor !== undefined) return `is called \`${successor}\` in ${release}.`;
  const names = optionNames(section, release);
  if (names.length === 0) {
    const sections = [...sectionNames().filter((name) => optionNames(name, release).length > 0)];
    const all = [...sections, ...privsepSections(service, release)];
    return `is in no section of oslo's libraries in ${release}; did you mean \`${closest(section, all)}\`? Options of the service itself belong into its own files.`;
  }
  return `is no option of oslo's libraries in ${release}; did you mean \`${closest(option, names)}\`? Options of the service itself belong into its own files.`;
}

function absent({ section, option, release }: Override, { library, spans }: Known): string {
  const first = spans[0];
  const last = spans.findLast((span) => compareReleases(span.until, release) < 0);
  if (last === undefined) {
    const since = first?.since ?? release;
    return `comes with ${since} (${library} ${libraryVersion(library, since)}), and the services are ${release}. Take it out, or raise \`messaging.release\`.`;
  }
  const gone = releaseAfter(last.until) ?? release;
  return (
    `was removed: last in ${last.until} (${library} ${libraryVersion(library, last.until)}), ` +
    `gone in ${gone} (${libraryVersion(library, gone)}). Take ${instead(section, option, release, last)}.`
  );
}

function instead(section: string, option: string, release: Release, last: OptionFacts): string {
  const successor = successorOf(section, option, release);
  if (successor !== undefined) return `\`${successor}\``;
  const known = INSTEAD[`${section}.${option}`] ?? INSTEAD[`${section}.*`];
  if (known !== undefined) return known;
  const names = optionNames(section, release);
  const reason = last.deprecated?.reason ?? "";
  if (reason !== "") return `nothing; the library said: "${reason.replace(/\.$/, "")}"`;
  return names.length === 0 ? "it out" : `it out, or \`${closest(option, names)}\``;
}

/** What a value must be where it is not; oslo.config would say the same when the service starts. */
export function valueFinding(value: OptionValue, facts: OptionFacts): string | undefined {
  const { type, choices } = facts;
  if (type === "boolean") return typeof value === "boolean" ? undefined : "true or false";
  if (type === "multi" || type === "list") return Array.isArray(value) ? undefined : "a list";
  if (type === "integer" || type === "port" || type === "float") return numberFinding(value, facts);
  if (typeof value !== "string") return type === "dict" ? "a text such as `key:value,key:value`" : "a text";
  if (choices !== undefined && !choices.includes(value)) return `one of ${choices.map(String).join(", ")}`;
  return undefined;
}

function numberFinding(value: OptionValue, { type, min, max, choices }: OptionFacts): string | undefined {
  const whole = type !== "float";
  const name = whole ? "a whole number" : "a number";
  const low = min ?? (type === "port" ? 0 : -Infinity);
  const high = max ?? (type === "port" ? 65_535 : Infinity);
  const bounds = [
    ...(Number.isFinite(low) ? [`at least ${low}`] : []),
    ...(Number.isFinite(high) ? [`at most ${high}`] : []),
  ].join(" and ");
  const wanted = bounds === "" ? name : `${name}, ${bounds}`;
  if (typeof value !== "number" || (whole && !Number.isInteger(value))) return wanted;
  if (choices !== undefined && !choices.includes(value)) return `one of ${choices.map(String).join(", ")}`;
  return value < low || value > high ? wanted : undefined;
}
