import type { Operation, Stake } from "./change";
import type { Step } from "./preview";
import type { UrnParts } from "./urn";

interface Subject extends UrnParts {
  operation: Operation;
  /** How many members of brokers' clusters are deleted in the stack. */
  leaving: number;
  step: Step;
}

/** What is lost where a resource of the type goes, for good or until it is back. */
interface Rule {
  /** The type's token. */
  type: RegExp;
  /** A component that it must lie in. Default: any. */
  within?: string;
  /** The only operation that it holds for. Default: both. */
  on?: Operation;
  stake: (subject: Subject) => Stake;
}

const SERVER = /^(openstack:compute\/instance|docker:index\/container):/;

const says = (kind: Stake["kind"], text: string) => () => ({ kind, text });

/** The first that fits is said. */
const RULES: readonly Rule[] = [
  { type: /^openstack:blockstorage\/volume:/, stake: says("data", "the volume's data is lost") },
  { type: /^docker:index\/volume:/, stake: says("data", "the volume's data is lost") },
  { type: /^openstack:sharedfilesystem\/share:/, stake: says("data", "the share's data is lost") },
  { type: /^openstack:database\//, stake: says("data", "the database is lost") },
  { type: /^openstack:objectstorage\/container:/, stake: says("data", "the container's objects are lost") },
  { type: /^kubernetes:core\/v1:PersistentVolume(Claim)?$/, stake: says("data", "its volume's data may be lost") },
  { type: /^kubernetes:core\/v1:Namespace$/, stake: says("data", "everything in the namespace is lost") },
  { type: /^kubernetes:apps\/v1:StatefulSet$/, stake: says("data", "its pods stop, and perhaps their volumes go") },
  {
    type: /^openstack:containerinfra\/cluster:/,
    stake: says("cluster", "the cluster, everything that runs in it, and its kubeconfigs are lost"),
  },
  {
    type: /^openstack:containerinfra\/nodeGroup:/,
    stake: says("cluster", "what runs on the group's nodes is evicted"),
  },
  { type: /^openstack:identity\/project:/, stake: says("cluster", "everything in the project is lost") },
  { type: SERVER, within: "BrokerCluster", stake: memberStake },
  { type: SERVER, within: "LocalBrokers", stake: memberStake },
  {
    type: /^tls:index\/(privateKey|selfSignedCert):/,
    within: "CertificateAuthority",
    on: "replace",
    stake: says("trust", "every certificate of the layer is made anew, and clients must trust the new authority"),
  },
  { type: /^random:index\/randomPassword:/, on: "replace", stake: says("trust", "the password is another one") },
  { type: /^openstack:networking\/port:/, stake: says("address", "the address and what is bound to it") },
  {
    type: /^openstack:networking\/(network|subnet|router):/,
    stake: says("address", "what is attached loses its network"),
  },
  { type: /^openstack:networking\/floatingIp:/, stake: says("address", "the address is another one") },
];

/** What is at stake where a resource is replaced or deleted. */
export function stakeOf(subject: Subject): Stake | undefined {
  if (subject.operation !== "replace" && subject.operation !== "delete") return undefined;
  const rule = RULES.find(
    ({ type, within, on = subject.operation }) =>
      type.test(subject.type) && isWithin(subject, within) && on === subject.operation,
  );
  return rule?.stake(subject);
}

function isWithin({ types }: Subject, component: string | undefined): boolean {
  return component === undefined || types.some((type) => type.endsWith(`:${component}`));
}

/** Whether a resource is a server of a brokers' cluster. */
export function isMember({ types, type }: UrnParts): boolean {
  return SERVER.test(type) && types.some((one) => /:(BrokerCluster|LocalBrokers)$/.test(one));
}

/** A server's metadata says of how many members it is one. */
function memberStake({ operation, step, leaving }: Subject): Stake {
  const metadata = step.oldState?.inputs["metadata"] as Record<string, string> | undefined;
  const members = (metadata?.["fabric-members"] ?? "").split(",").filter(Boolean).length;
  const one = members > 0 ? `one of ${members} members` : "a member";
  if (operation === "replace")
    return { kind: "quorum", text: `${one} of the brokers' cluster; the next one goes only when it has rejoined` };
  const lost = members > 0 && leaving >= members ? "; none is left" : "";
  const short = members > leaving && (members - leaving) * 2 <= members ? "; those that are left are no quorum" : "";
  return { kind: "quorum", text: `${one} of the brokers' cluster goes${lost}${short}` };
}
