import { readFileSync } from "node:fs";
import { join } from "node:path";

type Entity = [string, Record<string, unknown>];

interface ManagementSchema {
  entities: Record<
    string,
    { singleton: boolean; attributes: Record<string, { type: string | string[]; required?: boolean }> }
  >;
}

/** The management schema of a router, as it was read from its sources. */
export function managementSchema(router: "skrouter-3.5.1" | "skrouter-2.0.0" | "qdrouter-1.19.0"): ManagementSchema {
  return JSON.parse(readFileSync(join(__dirname, `../fixtures/${router}.json`), "utf8")) as ManagementSchema;
}

/** What is wrong with a router's configuration, by its schema and by what the schema misses. */
export function routerFindings(config: string, schema: ManagementSchema): string[] {
  const entities = JSON.parse(config) as Entity[];
  const groups = entities
    .filter(([type]) => type === "vhost")
    .flatMap(([, { groups }]) => Object.values(groups as Record<string, Record<string, unknown>>))
    // A vhost's map of groups names the users by its key.
    .map((group): Entity => ["vhostUserGroupSettings", { users: "*", ...group }]);
  return [
    ...[...entities, ...groups].flatMap((entity) => entityFindings(entity, schema)),
    ...Object.entries(schema.entities)
      .filter(([type, { singleton }]) => singleton && entities.filter(([t]) => t === type).length !== 1)
      .map(([type]) => `${type}: must be there once`),
    ...crossFindings(entities),
  ];
}

function entityFindings([type, attributes]: Entity, schema: ManagementSchema): string[] {
  const known = schema.entities[type]?.attributes;
  if (known === undefined) return [`${type}: no such entity`];
  const missing = Object.entries(known).filter(([name, { required }]) => required === true && !(name in attributes));
  return [
    ...missing.map(([name]) => `${type}.${name}: missing`),
    ...Object.entries(attributes).flatMap(([name, value]) => {
      const wanted = known[name]?.type;
      if (wanted === undefined) return [`${type}.${name}: no such attribute`];
      return fits(value, wanted) ? [] : [`${type}.${name}: ${JSON.stringify(value)} is no ${JSON.stringify(wanted)}`];
    }),
  ];
}

function fits(value: unknown, wanted: string | string[]): boolean {
  if (Array.isArray(wanted)) return wanted.includes(String(value));
  if (wanted === "integer") return Number.isInteger(value);
  if (wanted === "boolean") return typeof value === "boolean";
  if (wanted === "map" || wanted === "properties") return typeof value === "object" && value !== null;
  return typeof value === "string";
}

/** What the routers themselves do not refuse: a port without TLS, an address that is none. */
function crossFindings(entities: readonly Entity[]): string[] {
  const named = (type: string) =>
    entities.filter(([t]) => t === type).map(([, a]) => String(a["name"] ?? a["hostname"]));
  const profiles = named("sslProfile");
  const vhosts = named("vhost");
  const names = entities.map(
    ([type, a]) => `${type} ${String(a["name"] ?? a["prefix"] ?? a["pattern"] ?? a["hostname"])}`,
  );
  return [
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name}: there twice`),
    ...entities.flatMap(([type, a]) => {
      if (type === "address" && a["prefix"] === undefined && a["pattern"] === undefined)
        return ["address: neither prefix nor pattern"];
      if (type !== "listener" && type !== "connector") return [];
      const name = `${type} ${String(a["name"])}`;
      return [
        ...(profiles.includes(String(a["sslProfile"]))
          ? []
          : [`${name}: no such TLS profile, the port would be plain`]),
        ...(type === "listener" && a["requireSsl"] !== true ? [`${name}: takes plain connections`] : []),
        ...(type === "listener" && a["authenticatePeer"] !== true ? [`${name}: takes anyone`] : []),
        ...(type === "connector" && a["verifyHostname"] !== true ? [`${name}: does not check the name`] : []),
        ...(typeof a["policyVhost"] === "string" && !vhosts.includes(a["policyVhost"])
          ? [`${name}: no such vhost`]
          : []),
      ];
    }),
  ];
}
