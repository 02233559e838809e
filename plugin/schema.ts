/** A property of Pulumi's package schema, as far as this package uses it. */
export interface PropertySchema {
  type?: "string" | "number" | "boolean" | "array" | "object";
  $ref?: string;
  oneOf?: PropertySchema[];
  items?: PropertySchema;
  additionalProperties?: PropertySchema;
  /** The value must be known when the program runs: it decides which resources there are. */
  plain?: boolean;
  description?: string;
}

export interface ObjectSchema {
  type: "object";
  description?: string;
  properties: Record<string, PropertySchema>;
  required: string[];
}

export interface ComponentSchema extends ObjectSchema {
  isComponent: true;
  inputProperties: Record<string, PropertySchema>;
  requiredInputs: string[];
}

/** https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/ */
export interface PackageSchema {
  name: string;
  version: string;
  description: string;
  license: string;
  language: Record<string, object>;
  resources: Record<string, ComponentSchema>;
  types: Record<string, ObjectSchema>;
}
