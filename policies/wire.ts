import { createRequire } from "node:module";

import { decodeProps } from "./decode";
import type { Props } from "./values";

/** Where a resource's properties carry what came over the wire. */
const WIRE = Symbol("properties as they came over the wire");

interface Struct {
  toJavaScript(): Record<string, unknown>;
}

type Deserialize = (struct: Struct, proxySecrets: boolean) => Record<PropertyKey, unknown>;

/**
 * Lets rules see which values are secrets. `@pulumi/policy` takes the marks off before a policy sees a value and has no
 * way to ask for them (1.21.0: `deserializeProperties(…, false)` in its server.js), so that every secret would look like
 * one that is not. Each set of properties takes with it what it was read from.
 */
export function keepSecretMarks(): void {
  // An `import` would give a copy of the module's exports; its own server looks the function up in the original.
  const module = createRequire(__filename)("@pulumi/policy/deserialize") as { deserializeProperties: Deserialize };
  const original = module.deserializeProperties;
  module.deserializeProperties = (struct, proxySecrets) => {
    const props = original(struct, proxySecrets);
    // Neither writable nor configurable: the proxy around properties hands such a field out as it is.
    return Object.defineProperty(props, WIRE, { value: struct.toJavaScript() });
  };
}

/** A resource's properties with marks. Fails where they have none: a rule that sees no secrets must not say "clean". */
export function propsOf(props: Readonly<Record<PropertyKey, unknown>>): Props {
  const raw = props[WIRE];
  if (raw === undefined) {
    throw new Error(
      "This release of @pulumi/policy hands out properties in another way: policies/wire.ts must follow.",
    );
  }
  return decodeProps(raw as Record<string, unknown>);
}
