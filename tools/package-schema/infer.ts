import { join } from "node:path";

import ts from "typescript";

import { PACKAGE, tokenOf } from "../../plugin/components";
import type { ComponentSchema, PackageSchema } from "../../plugin/schema";
import { CHECKOUT } from "../workspace/workspace";
import { TypeReader } from "./TypeReader";

/** What of package.json the schema says. */
export interface PackageFacts {
  version: string;
  description: string;
  license: string;
}

const ENTRY = join(CHECKOUT, "components/exports/index.ts");

/** Reads the components' argument types and outputs, with their docs, into a schema of a Pulumi package. */
export function inferSchema(components: readonly string[], facts: PackageFacts): PackageSchema {
  const program = ts.createProgram([ENTRY], compilerOptions());
  const checker = program.getTypeChecker();
  const entry = program.getSourceFile(ENTRY);
  const module = entry && checker.getSymbolAtLocation(entry);
  if (module === undefined) throw new Error(`${ENTRY} exports nothing`);
  const exported = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));
  const reader = new TypeReader(checker);
  const resources = [...components].sort().map((name): [string, ComponentSchema] => {
    const symbol = exported.get(name);
    if (symbol === undefined) throw new Error(`${ENTRY} does not export ${name}`);
    return [tokenOf(name), readComponent(checker, reader, original(checker, symbol))];
  });
  return {
    name: PACKAGE,
    ...facts,
    language: { nodejs: { respectSchemaVersion: true }, python: { respectSchemaVersion: true } },
    resources: Object.fromEntries(resources),
    types: reader.types(),
  };
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(CHECKOUT, "tsconfig.json");
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, CHECKOUT);
  return { ...options, noEmit: true, composite: false, incremental: false };
}

/** What a name stands for that is exported under its own name, or by `export *`. */
function original(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

function readComponent(checker: ts.TypeChecker, reader: TypeReader, symbol: ts.Symbol): ComponentSchema {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !ts.isClassDeclaration(declaration)) throw new Error(`${symbol.name} is no class`);
  const args = declaration.members.find(ts.isConstructorDeclaration)?.parameters[1];
  if (args === undefined) throw new Error(`${symbol.name} takes no arguments`);
  const inputs = reader.object(checker.getTypeAtLocation(args), symbol.name, "input");
  // What else a component keeps, such as a network's attachment, is for programs of the same language.
  const outputs = declaration.members
    .filter(ts.isPropertyDeclaration)
    .filter((member) => isPublic(member) && reader.isOutput(checker.getTypeAtLocation(member)));
  const read = outputs.map((member) => checker.getSymbolAtLocation(member.name)).filter((found) => found !== undefined);
  return {
    isComponent: true,
    ...reader.properties(read, symbol.name, "output"),
    description: reader.docs(symbol),
    inputProperties: inputs.properties,
    requiredInputs: inputs.required,
  };
}

function isPublic(member: ts.PropertyDeclaration): boolean {
  return (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0;
}
