import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../components/errors";
import { checkInputs } from "./checkInputs";
import { COMPONENTS, tokenOf } from "./components";
import type { PackageSchema } from "./schema";

type Constructor = new (name: string, args: never, opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

/** Makes components for programs of other languages. What they may give is in a schema that their types were read into. */
export class ComponentProvider implements pulumi.provider.Provider {
  readonly version: string;
  readonly schema: string;
  private readonly resources: PackageSchema["resources"];

  constructor(schema: PackageSchema) {
    this.version = schema.version;
    this.schema = JSON.stringify(schema);
    this.resources = schema.resources;
  }

  construct(
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<pulumi.provider.ConstructResult> {
    const found = Object.entries(COMPONENTS).find(([component]) => tokenOf(component) === type);
    const schema = this.resources[type];
    if (found === undefined || schema === undefined) {
      throw new UserError(`There is no component ${type}; there are ${Object.keys(this.resources).join(", ")}.`);
    }
    checkInputs(name, inputs, schema, (value) => pulumi.Output.isInstance(value));
    const component = new (found[1] as Constructor)(name, inputs as never, options);
    const outputs = component as unknown as Record<string, unknown>;
    const state = Object.fromEntries(Object.keys(schema.properties).map((key) => [key, outputs[key]]));
    return Promise.resolve({ urn: component.urn, state });
  }
}
