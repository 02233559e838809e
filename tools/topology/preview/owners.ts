import { urnParts } from "../../../components/urn";
import type { Step } from "./read";

/** Components whose steps all belong to the thing of this key. */
const WHOLE: Readonly<Record<string, string>> = {
  SparkPlatform: "spark",
  StandaloneSpark: "spark",
  Hub: "hub",
  Cvmfs: "cvmfs",
  Eos: "eos",
  EosToken: "eos",
};

/** Components that are things, by their own names. */
const NAMED = ["DurableServer", "ContainerServer", "NodeGroup", "ClusterTemplate", "Cluster"];

/** Components whose names begin with that of the thing that they belong to. */
const BEGINNING = ["KubernetesClient", "SwarmClient", "ClientCertificate", "Analysis"];

const OWN = "openstack-fabric:index:";

/** The name of one of the suite's components; nothing for other types. */
export function componentOf(type: string): string | undefined {
  return type.startsWith(OWN) ? type.slice(OWN.length) : undefined;
}

/** A resource by itself, then the components around it, as far as the preview names them. */
export function pathOf(step: Step, steps: ReadonlyMap<string, Step>): { type: string; name: string }[] {
  const path = [{ type: step.type, name: step.name }];
  for (let parent = step.parent; parent !== undefined; parent = steps.get(parent)?.parent) path.push(urnParts(parent));
  return path;
}

/** Finds the thing that a step belongs to among the things that are drawn. */
export function ownerFinder(steps: readonly Step[], known: ReadonlySet<string>): (step: Step) => string | undefined {
  const byUrn = new Map(steps.map((step) => [step.urn, step]));
  return (step) => {
    for (const owner of candidates(step, byUrn, known)) if (owner !== undefined && known.has(owner)) return owner;
    return undefined;
  };
}

function* candidates(step: Step, steps: ReadonlyMap<string, Step>, known: ReadonlySet<string>) {
  const whole = componentOf(step.chain.find((type) => (componentOf(type) ?? "") in WHOLE) ?? "");
  if (whole !== undefined) yield WHOLE[whole];
  for (const { type, name } of pathOf(step, steps)) {
    const component = componentOf(type) ?? "";
    if (NAMED.includes(component)) yield name;
    if (BEGINNING.includes(component)) yield longest(name, known);
  }
  if (step.chain.some((type) => componentOf(type) === "Analysis")) yield longest(step.name, known);
  // What services connect to is made and removed with the messaging layer.
  if (["MessagingBackend", "LocalMessaging"].includes(componentOf(step.type) ?? "")) yield "services";
  yield byName(step);
}

/** The network's parts, keys and certificates of servers, and what services log in with. */
function byName({ type, name, chain }: Step): string | undefined {
  if (/^(openstack:networking|docker:index)\/network:Network$/.test(type)) return "network-net";
  if (type === "openstack:networking/router:Router") return "network-router";
  const zone = /^network-(?:subnet|interface)-(.+?)(?:-v6)?$/.exec(name)?.[1];
  if (zone !== undefined) return `zone-${zone}`;
  if (type.startsWith("tls:")) return name.replace(/-(key|request|cert)$/, "");
  if (type === "random:index/randomPassword:RandomPassword" && /-user-/.test(name)) return "services";
  return chain.some((part) => componentOf(part) === "SecurityGroup") && /-clients(-|$)/.test(name)
    ? "services"
    : undefined;
}

/** The longest key that a name begins with. */
function longest(name: string, known: ReadonlySet<string>): string | undefined {
  const parts = name.split("-");
  for (let length = parts.length; length > 0; length--) {
    const key = parts.slice(0, length).join("-");
    if (known.has(key)) return key;
  }
  return undefined;
}
