/** What values a label takes. All travel as texts; the kind says which texts. */
export type LabelKind =
  "text" | "number" | "boolean" | "list" | "cidr" | "cidrs" | "url" | "sha256" | "version" | "json";

/** A label of a driver at a release. */
export interface LabelFacts {
  kind: LabelKind;
  /** Of numbers, such as `GiB`. */
  unit?: string;
  /** What the driver takes where the label is not given. Default: nothing, or what the cloud says. */
  fallback?: string;
  min?: number;
  max?: number;
  /** The only values that it takes. */
  values?: readonly string[];
  /** A regular expression that the value must match as a whole, as Heat does it. */
  pattern?: string;
  meaning?: string;
  /** Only a template may have it, not a cluster. */
  templateOnly?: boolean;
}

export type LabelTable = Readonly<Record<string, LabelFacts>>;
