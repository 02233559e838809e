import { urnParts } from "../../components/urn";
import type { AtStake, Operation, Stake } from "./model";
import { kindOf } from "./urn";

/** A kind of resource that holds what an update does not bring back. */
interface Rule {
  type: RegExp;
  /** The component that it must lie in. Default: any place. */
  within?: readonly string[];
  name?: RegExp;
  kind: Stake;
  /** What its replacement or deletion means; `verb` is `replaced` or `deleted`. */
  what: string;
}

/** Components whose servers or containers are members of a cluster that votes. */
export const BROKERS = ["BrokerCluster", "LocalBrokers"] as const;

/** The first rule that fits decides. */
export const RULES: readonly Rule[] = [
  { type: /^openstack:blockstorage\/volume:Volume$/, within: BROKERS, kind: "data", what: "the messages of a broker" },
  { type: /^openstack:blockstorage\/volume:Volume$/, kind: "data", what: "the data of a volume" },
  { type: /^docker:index\/volume:Volume$/, within: BROKERS, kind: "data", what: "the messages of a broker" },
  { type: /^docker:index\/volume:Volume$/, kind: "data", what: "the data of a volume" },
  { type: /^openstack:compute\/instance:Instance$/, within: BROKERS, kind: "quorum", what: "a broker" },
  { type: /^docker:index\/container:Container$/, within: BROKERS, kind: "quorum", what: "a broker" },
  {
    type: /^random:index\/randomPassword:RandomPassword$/,
    within: BROKERS,
    name: /-cookie$/,
    kind: "quorum-lost",
    what: "the cookie by which all members know each other",
  },
  {
    type: /^openstack:containerinfra\/cluster:Cluster$/,
    kind: "cluster",
    what: "a control plane, and everything that runs in the cluster",
  },
  { type: /^openstack:containerinfra\/nodeGroup:NodeGroup$/, kind: "cluster", what: "nodes, and what runs on them" },
  { type: /^openstack:database\//, kind: "data", what: "a database" },
  { type: /^openstack:sharedfilesystem\/share:Share$/, kind: "data", what: "the data of a share" },
  { type: /^openstack:objectstorage\/container(Object)?:/, kind: "data", what: "objects of an object store" },
  { type: /^openstack:images\/image:Image$/, kind: "data", what: "an image that servers may start from" },
  {
    type: /^kubernetes:core\/v1:PersistentVolumeClaim$/,
    within: ["Cvmfs"],
    kind: "data",
    what: "CVMFS's cache, and the mounts of what runs",
  },
  { type: /^kubernetes:core\/v1:PersistentVolumeClaim$/, within: ["Eos"], kind: "data", what: "EOS's data" },
  {
    type: /^kubernetes:core\/v1:PersistentVolume(Claim)?$/,
    within: ["DataVolumes"],
    kind: "data",
    what: "the mounts of CVMFS and EOS in what runs",
  },
  { type: /^kubernetes:core\/v1:PersistentVolume(Claim)?$/, kind: "data", what: "the data of a claim" },
  { type: /^kubernetes:apps\/v1:StatefulSet$/, kind: "data", what: "pods with data of their own" },
  { type: /^kubernetes:core\/v1:Namespace$/, kind: "data", what: "everything in the namespace, with its claims" },
  {
    type: /^kubernetes:apiextensions\.k8s\.io\/v1:CustomResourceDefinition$/,
    kind: "data",
    what: "every object of that definition",
  },
];

/** What is at stake when this resource is replaced or deleted. */
export function stakeOf(urn: string, name: string, operation: Operation): AtStake | undefined {
  if (operation !== "replace" && operation !== "delete") return undefined;
  const { types, type: own } = urnParts(urn);
  const parents = types.slice(0, -1).map(kindOf);
  const rule = RULES.find(
    ({ type, within, name: named }) =>
      type.test(own) &&
      (within === undefined || within.some((component) => parents.includes(component))) &&
      (named === undefined || named.test(name)),
  );
  return rule && { kind: rule.kind, what: rule.what };
}
