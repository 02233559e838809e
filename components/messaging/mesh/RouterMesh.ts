import * as pulumi from "@pulumi/pulumi";

import { DurableServer } from "../../compute/DurableServer";
import { type CertificateAuthority, issueCertificate } from "../servers/CertificateAuthority";
import { memberAddresses } from "../servers/memberAddresses";
import { createMembers, type Members } from "../servers/Members";
import { PORTS } from "../servers/ports";
import type { MessagingServerArgs } from "../servers/serverArgs";
import { routerUserData } from "./host";
import { planMesh, type RouterPlan } from "./plan";

export interface RouterMeshArgs extends MessagingServerArgs {
  /** Interior routers, 1 to 64; an added one opens a link to each that is there. Default 3. Touches the added ones only. */
  interior: number;
  /** skupper-router's container image, with a tag. REPLACES the servers. */
  containerImage: string;
  /** Passwords by user name; a user per service. REPLACES the servers. */
  users: pulumi.Input<Record<string, string>>;
  /** Authority that signs the routers' certificates. */
  authority: CertificateAuthority;
}

/** A full mesh of AMQP 1.0 dispatch routers that carries RPC: nothing is stored, an absent server fails the call. */
export class RouterMesh extends pulumi.ComponentResource {
  /** `host:port` of every router that accepts clients, in name order. */
  readonly endpoints: pulumi.Output<string[]>;

  constructor(name: string, args: RouterMeshArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:RouterMesh", name, {}, opts);
    const plan = planMesh(args.prefix, args.interior, args.network.zones);
    const shared = createMembers(this, name, args, {
      plural: "routers",
      description: "Dispatch routers: AMQPS from clients, inter-router and edge links among themselves",
      selfPorts: [PORTS.interRouter, PORTS.edge],
    });
    const servers = plan.routers.map((router) => createRouter(this, name, args, router, shared));
    this.endpoints = pulumi.all(servers.map((s) => s.address)).apply((all) => all.map((ip) => `${ip}:${PORTS.amqps}`));
    this.registerOutputs({ endpoints: this.endpoints });
  }
}

function createRouter(
  parent: RouterMesh,
  name: string,
  args: RouterMeshArgs,
  router: RouterPlan,
  shared: Members,
): DurableServer {
  const tls = issueCertificate(`${name}-${router.key}`, args.authority, router, parent);
  const userData = pulumi.all([tls, pulumi.output(args.users)]).apply(([material, users]) =>
    routerUserData({
      router,
      image: args.containerImage,
      tls: material,
      users: Object.entries(users).map(([user, password]) => ({ name: user, password })),
    }),
  );
  return new DurableServer(
    `${name}-${router.key}`,
    {
      ...args,
      hostName: router.hostName,
      networkId: args.network.networkId,
      addresses: memberAddresses(router, args.network),
      securityGroupIds: [shared.securityGroupId],
      zone: router.zone,
      userData: pulumi.secret(userData),
      serverGroupId: shared.serverGroupId,
    },
    { parent },
  );
}
