import ts from "typescript";

import { tokenOf } from "../../plugin/components";
import type { ObjectSchema, PropertySchema } from "../../plugin/schema";

/** Inputs that TypeScript has plain are plain in the schema; of outputs nothing is. */
type Use = "input" | "output";

/** Types of TypeScript's own whose names say nothing of what they hold. */
const HELPERS = new Set(["Omit", "Partial", "Pick", "Readonly", "Record", "Required"]);

/** Reads types of TypeScript into those of a Pulumi schema, and keeps the named ones that it came across. */
export class TypeReader {
  private readonly named = new Map<string, ObjectSchema>();

  constructor(private readonly checker: ts.TypeChecker) {}

  /** The named types, in order. */
  types(): Record<string, ObjectSchema> {
    return Object.fromEntries(
      [...this.named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, type]) => [tokenOf(name), type]),
    );
  }

  /** An object type; `owner` names what has no name of its own below it. */
  object(type: ts.Type, owner: string, use: Use): ObjectSchema {
    return this.properties(this.checker.getPropertiesOfType(type), owner, use);
  }

  properties(symbols: readonly ts.Symbol[], owner: string, use: Use): ObjectSchema {
    const kept = symbols
      .map((symbol) => ({ symbol, type: this.checker.getTypeOfSymbol(symbol) }))
      .filter(({ type }) => !this.isCode(this.checker.getNonNullableType(type)))
      .sort((a, b) => (a.symbol.name < b.symbol.name ? -1 : 1));
    const read = kept.map(({ symbol, type }): [string, PropertySchema] => {
      const property = this.property(this.checker.getNonNullableType(type), `${owner}${capital(symbol.name)}`, use);
      const description = [this.docs(symbol), choicesOf(this.checker.getNonNullableType(type))]
        .filter(Boolean)
        .join(" ");
      return [symbol.name, { ...property, ...(description !== "" && { description }) }];
    });
    const required = kept.filter(({ symbol }) => (symbol.flags & ts.SymbolFlags.Optional) === 0);
    return {
      type: "object",
      properties: Object.fromEntries(read),
      required: required.map(({ symbol }) => symbol.name),
    };
  }

  /** Whether a component's property is an output, or a value that is known at once. */
  isOutput(type: ts.Type): boolean {
    return this.wrapped(type) !== undefined || primitiveOf(type) !== undefined;
  }

  docs(symbol: ts.Symbol): string | undefined {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.checker));
    return text === "" ? undefined : text.replaceAll(/\s*\n\s*/g, " ");
  }

  private property(type: ts.Type, owner: string, use: Use): PropertySchema {
    const wrapped = this.wrapped(type);
    if (wrapped !== undefined) return this.value(wrapped, owner, use);
    return { ...this.value(type, owner, use), ...(use === "input" && { plain: true }) };
  }

  /** `T` of `Output<T>`, and of `Input<T>`, which is one of several for it. */
  private wrapped(type: ts.Type): ts.Type | undefined {
    const parts = type.isUnionOrIntersection() ? type.types : [type];
    const output = parts
      .flatMap((part) => (part.isIntersection() ? part.types : [part]))
      .find((part) => part.symbol?.name === "OutputInstance");
    return output && this.checker.getTypeArguments(output as ts.TypeReference)[0];
  }

  private value(given: ts.Type, owner: string, use: Use): PropertySchema {
    const type = this.checker.getNonNullableType(given);
    const primitive = primitiveOf(type);
    if (primitive !== undefined) return { type: primitive };
    if (this.checker.isArrayType(type)) {
      const [item] = this.checker.getTypeArguments(type as ts.TypeReference);
      if (item !== undefined) return { type: "array", items: this.property(item, owner, use) };
    }
    if (type.isUnion()) return { oneOf: type.types.map((part) => this.property(part, owner, use)) };
    const values = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (values !== undefined) return { type: "object", additionalProperties: this.property(values, owner, use) };
    if ((type.flags & ts.TypeFlags.Object) !== 0) return { $ref: `#/types/${tokenOf(this.name(type, owner, use))}` };
    throw new Error(`${owner} is of a type that no schema can say: ${this.checker.typeToString(type)}`);
  }

  /** Names an object type and reads it when it is met first. */
  private name(type: ts.Type, owner: string, use: Use): string {
    const own = [type.aliasSymbol, type.symbol].find(
      (symbol) => symbol && !HELPERS.has(symbol.name) && !symbol.name.startsWith("__"),
    );
    // Languages put `Args` behind the names of inputs themselves.
    const name = own?.name.replace(/Args$/, "") ?? owner;
    if (!this.named.has(name)) {
      this.named.set(name, { type: "object", properties: {}, required: [] });
      const description = own && this.docs(own);
      this.named.set(name, { ...this.object(type, name, use), ...(description !== undefined && { description }) });
    }
    return name;
  }

  /** What has functions cannot be given over from another language. */
  private isCode(type: ts.Type): boolean {
    if (this.wrapped(type) !== undefined || primitiveOf(type) !== undefined || this.checker.isArrayType(type))
      return false;
    const callable = (one: ts.Type) => one.getCallSignatures().length > 0;
    return (
      callable(type) ||
      (!type.isUnion() &&
        this.checker.getPropertiesOfType(type).some((one) => callable(this.checker.getTypeOfSymbol(one))))
    );
  }
}

function primitiveOf(type: ts.Type): "string" | "number" | "boolean" | undefined {
  const all = (flag: ts.TypeFlags) => (type.isUnion() ? type.types : [type]).every((part) => (part.flags & flag) !== 0);
  if (all(ts.TypeFlags.StringLike)) return "string";
  if (all(ts.TypeFlags.NumberLike)) return "number";
  return all(ts.TypeFlags.BooleanLike) ? "boolean" : undefined;
}

/** The texts that are allowed, where the type names them. */
function choicesOf(type: ts.Type): string {
  const literals = (type.isUnion() ? type.types : [type]).filter((part) => part.isStringLiteral());
  return literals.length === 0 ? "" : `One of ${literals.map(({ value }) => `\`${value}\``).join(", ")}.`;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
