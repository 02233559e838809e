import { z } from "zod";

/** The part of JSON Schema that zod writes and the tables read. */
export interface Schema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  /** What a pattern asks for, in words; editors with the YAML language server show it. */
  patternErrorMessage?: string;
}

/** A schema as JSON Schema, with what its patterns ask for in words. */
export function jsonSchemaOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    override: ({ zodSchema, jsonSchema }) => {
      const words = patternWords(zodSchema);
      if (words !== undefined) jsonSchema["patternErrorMessage"] = words;
    },
  }) as Schema;
}

/** The message that the schema gives a pattern. JSON Schema has no place for it, and so zod drops it. */
function patternWords(schema: z.core.$ZodType): string | undefined {
  type Definition = { format?: string; error?: (issue: object) => unknown };
  const definitions = (schema._zod.def.checks ?? []).map((check) => check._zod.def as Definition);
  const message = definitions.find((definition) => definition.format === "regex")?.error?.({});
  return typeof message === "string" ? message : undefined;
}

/** A row a key, nested keys below their object's. */
export function rows(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const path = `${prefix}${key}`;
    const { meaning, fallback } = described(property, schema.required?.includes(key) ?? false);
    const row = `| \`${path}\` | ${cell(valueOf(property))} | ${cell(fallback)} | ${cell(meaning)} |`;
    return [row, ...nested(property, path)];
  });
}

/** A default that the program decides is said in the description; the table has it where the others are. */
function described(property: Schema, required: boolean): { meaning: string; fallback: string } {
  const description = property.description ?? "";
  if (required) return { meaning: description, fallback: "required" };
  if (property.default !== undefined) return { meaning: description, fallback: code(property.default) };
  const [said = "", words = "none"] = /Default: (.+?)\.(?=\s|$)\s*/.exec(description) ?? [];
  return { meaning: description.replace(said, "").trim(), fallback: words };
}

function nested(property: Schema, path: string): string[] {
  if (property.properties !== undefined) return rows(property, `${path}.`);
  const values = property.additionalProperties;
  return typeof values === "object" && values.properties !== undefined ? rows(values, `${path}.<key>.`) : [];
}

/** What a value may be, in words. */
function valueOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
  if (schema.const !== undefined) return code(schema.const);
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(valueOf))].join(" or ");
  if (schema.patternErrorMessage !== undefined) return schema.patternErrorMessage;
  if (schema.format !== undefined) return FORMATS[schema.format] ?? schema.format;
  if (schema.type === "array") return listOf(schema);
  if (schema.type === "object") return objectOf(schema);
  if (schema.type === "integer") return `${schema.minimum ?? ""} to ${schema.maximum ?? ""}`;
  return schema.type === "string" ? "text" : [schema.type ?? ""].flat().join(" or ");
}

const FORMATS: Readonly<Record<string, string>> = { ipv4: "IPv4 address", ipv6: "IPv6 address" };

function listOf({ items, minItems, maxItems }: Schema): string {
  const most = maxItems === undefined ? "or more" : `to ${maxItems}`;
  const length = minItems === undefined ? "" : ` (${minItems} ${most})`;
  return `list${length} of: ${valueOf(items ?? {})}`;
}

const PLURALS: Readonly<Record<string, string>> = { string: "texts", number: "numbers", boolean: "true/false" };

function objectOf({ properties, additionalProperties, propertyNames }: Schema): string {
  if (properties !== undefined) return "object";
  const values = typeof additionalProperties === "object" ? [additionalProperties.type].flat() : [];
  const kinds = values.flatMap((type) => (type === undefined ? [] : (PLURALS[type] ?? [])));
  const keys = propertyNames?.patternErrorMessage;
  return `${kinds.join(", ") || "objects"} by key${keys === undefined ? "" : ` (keys: ${keys})`}`;
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
