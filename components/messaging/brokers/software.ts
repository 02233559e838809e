import type { HostOpening, HostSettings } from "../../compute/cloudInit";
import type { PortRange } from "../../network/SecurityGroup";
import type { Placement } from "../servers/placement";
import type { TlsMaterial } from "../servers/tls";
import type { BrokerClusterPlan } from "./plan";
import type { BrokerUser } from "./rabbitmq/config";

/** What a broker's server is made from. */
export interface BrokerHostInput {
  plan: BrokerClusterPlan;
  member: Placement;
  /** Container image, with a tag. */
  image: string;
  tls: TlsMaterial;
  /** The cluster's own secret, the same for every member and for as long as the cluster lives. */
  secret: string;
  /** Virtual host of the services, where the broker has such. */
  vhost: string;
  users: readonly BrokerUser[];
  /** How it is installed, from where, and what goes where. Default: by container, from the registry of its image. */
  settings?: HostSettings;
  /** Version of the broker where it is installed by package. Default: the oldest that is supported. */
  packageVersion?: string;
}

/** One kind of broker: all that `BrokerCluster` must know of it. */
export interface BrokerSoftware {
  /** The container image that is taken where none is given. */
  image: string;
  /** Of the members' security group. */
  description: string;
  /** The rule by which clients come in: its key is part of resources' names, and never changes. */
  clients: { key: string; port: number };
  /** What transport URLs name a member by: its address, or its name where the driver checks nothing but names. */
  endpoints: "address" | "name";
  /** Ports that members open to each other. */
  selfPorts: readonly (number | PortRange)[];
  /** User data of one member's server. It must not depend on the number of members, or growing replaces servers. */
  userData(input: BrokerHostInput): string;
}

/** Clients from where the security groups let them come, the members' own ports from members only. */
export function memberOpenings(
  plan: BrokerClusterPlan,
  { clients, selfPorts }: Pick<BrokerSoftware, "clients" | "selfPorts">,
): HostOpening[] {
  const members = plan.hosts.map(({ address }) => address);
  const own = selfPorts.map((range) => (typeof range === "number" ? { port: range } : range));
  return [{ port: clients.port }, ...own.map((range) => ({ ...range, from: members }))];
}
