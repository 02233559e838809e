import * as pulumi from "@pulumi/pulumi";

import { DurableServer } from "../../compute/DurableServer";
import { type Authority, issueCertificate } from "../servers/CertificateAuthority";
import { checkInstall, settingsOf } from "../servers/install";
import { memberAddresses } from "../servers/memberAddresses";
import { createMembers, type Members } from "../servers/Members";
import { PORTS } from "../servers/ports";
import type { MessagingServerArgs } from "../servers/serverArgs";
import { routerUserData } from "./host";
import { ROUTER_SOFTWARE } from "./implementations";
import { edgeOrder, rolloutOrder } from "./lanes";
import { type EdgePlan, type MeshPlan, type MeshRequest, planMesh, type RouterPlan } from "./plan";

export interface RouterMeshArgs extends MessagingServerArgs, MeshRequest {
  /** The router's container image, with a tag. Default: the one of its implementation. REPLACES the servers. */
  containerImage?: string;
  /** Passwords by user name; a user per service. REPLACES the servers. */
  users: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Authority that signs the routers' certificates; sites of one mesh share one. */
  authority: Authority;
}

/** A server's name and address, for those that have no DNS to ask. */
export interface HostEntry {
  hostName: string;
  address: string;
}

/** A mesh of AMQP 1.0 dispatch routers that carries RPC: nothing is stored, an absent server fails the call. */
export class RouterMesh extends pulumi.ComponentResource {
  /** Every router that accepts clients: edges where there are any, else the interior, in name order. */
  readonly entries: pulumi.Output<HostEntry[]>;
  /** `host:port` of the same. */
  readonly endpoints: pulumi.Output<string[]>;

  constructor(name: string, args: RouterMeshArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:RouterMesh", name, {}, opts);
    const plan = planMesh(args.prefix, args, args.network.zones);
    checkInstall(plan.implementation, settingsOf(args).install, "messaging.rpc.install");
    const shared = createMembers(this, name, args, {
      plural: "routers",
      description: "Dispatch routers: AMQPS from clients, inter-router and edge links among themselves",
      selfPorts: [PORTS.interRouter, PORTS.edge],
      openings: plan.callers.map(({ site, cidr }) => ({
        key: `links-from-${site}`,
        port: PORTS.interRouter,
        fromCidr: cidr,
      })),
    });
    const interior = createInOrder(
      plan.routers,
      rolloutOrder(plan.routers.length, plan.connectivity),
      (router, after) => createRouter(this, name, args, plan, router, shared, after),
    );
    const edges = groupsOf(plan.edges).flatMap((group) =>
      createInOrder(group, edgeOrder(group.length), (edge, after) =>
        createRouter(this, name, args, plan, edge, shared, after ?? interior.at(-1)),
      ),
    );
    const [routers, servers] = edges.length > 0 ? [plan.edges, edges] : [plan.routers, interior];
    this.entries = pulumi
      .all(servers.map((server) => server.address))
      .apply((all) => all.map((address, at) => ({ hostName: routers[at]?.hostName ?? "", address })));
    this.endpoints = this.entries.apply((all) => all.map(({ address }) => `${address}:${PORTS.amqps}`));
    this.registerOutputs({ entries: this.entries, endpoints: this.endpoints });
  }
}

function groupsOf(edges: readonly EdgePlan[]): EdgePlan[][] {
  return [...Map.groupBy(edges, (edge) => edge.group).values()];
}

function createInOrder<T>(
  plans: readonly T[],
  order: readonly (number | undefined)[],
  create: (plan: T, after: DurableServer | undefined) => DurableServer,
): DurableServer[] {
  const made: DurableServer[] = [];
  for (const [at, plan] of plans.entries()) made.push(create(plan, made[order[at] ?? -1]));
  return made;
}

function createRouter(
  parent: RouterMesh,
  name: string,
  args: RouterMeshArgs,
  { implementation }: MeshPlan,
  router: RouterPlan | EdgePlan,
  shared: Members,
  after: DurableServer | undefined,
): DurableServer {
  const key = router.mode === "edge" ? `${name}-edge-${router.key}` : `${name}-${router.key}`;
  const tls = issueCertificate(key, args.authority, router, parent);
  const userData = pulumi.all([tls, pulumi.output(args.users)]).apply(([material, users]) =>
    routerUserData({
      router,
      implementation,
      image: args.containerImage ?? ROUTER_SOFTWARE[implementation].image,
      tls: material,
      users: Object.entries(users).map(([user, password]) => ({ name: user, password })),
      settings: settingsOf(args),
    }),
  );
  return new DurableServer(
    key,
    {
      ...args,
      hostName: router.hostName,
      networkId: args.network.networkId,
      addresses: memberAddresses(router, args.network),
      securityGroupIds: [shared.securityGroupId],
      zone: router.zone,
      userData: pulumi.secret(userData),
      serverGroupId: shared.serverGroupId,
      after,
    },
    { parent },
  );
}
