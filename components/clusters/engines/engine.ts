import type { Release } from "../../releases";
import type { DriverFacts } from "../drivers";
import type { EngineApi } from "../magnum";

/** What a template says that a rule of an engine may look at. */
export interface RuleInput {
  driver: DriverFacts;
  release: Release;
  networkDriver?: string;
  volumeDriver?: string;
  /** Labels as they are sent. */
  labels: Readonly<Record<string, string>>;
}

/** A rule over several values: the label or attribute to blame, and what is wrong with it. */
export interface RuleFinding {
  subject: string;
  problem: string;
}

/** The client that an engine's users work with. */
export type ClientKind = "kubeconfig" | "docker" | "marathon" | "dcos";

/**
 * An orchestration engine of Magnum. One more engine is one more object of this shape, given to `registerEngine`;
 * nothing else knows engines by name.
 */
export interface Engine {
  /** Magnum's `coe`. */
  name: string;
  /** Its name for people. */
  title: string;
  client: ClientKind;
  /** Drivers that make it, the preferred ones first. */
  drivers: readonly DriverFacts[];
  /** What Magnum's API takes at a release; undefined where it refuses the engine. */
  api(release: Release): EngineApi | undefined;
  /** What to take where a release does not have it, such as `Take "kubernetes".` */
  instead: string;
  /** Problem of a number of masters, if there is one. */
  mastersProblem(masters: number): string | undefined;
  /** Findings over several labels and attributes. */
  rules(input: RuleInput): RuleFinding[];
}

/** Masters vote: an even number survives no more failures than one less. Magnum itself refuses it since 20.0.0. */
export function oddMasters(masters: number): string | undefined {
  return masters >= 1 && masters % 2 === 1 ? undefined : `must be odd (1, 3, 5), since masters vote, got ${masters}`;
}
