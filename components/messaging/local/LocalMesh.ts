import { RemoteImage } from "@pulumi/docker/remoteImage";
import * as pulumi from "@pulumi/pulumi";

import { mirroredImage } from "../../docker/container";
import { ContainerServer } from "../../docker/ContainerServer";
import { routerHost } from "../mesh/host";
import { ROUTER_SOFTWARE } from "../mesh/implementations";
import { edgeOrder, rolloutOrder } from "../mesh/lanes";
import { type EdgePlan, type MeshPlan, type MeshRequest, planMesh, type RouterPlan } from "../mesh/plan";
import { issueCertificate } from "../servers/CertificateAuthority";
import { PORTS } from "../servers/ports";
import { hostNames, type LocalServerArgs } from "./localArgs";
import { publishedPort } from "./ports";

export interface LocalMeshArgs extends LocalServerArgs, MeshRequest {
  /** The router's image, with a tag. Default: the servers' one. REPLACES the containers. */
  containerImage?: string;
}

/** A router that the plan has, and its place among those of its kind. */
interface Planned {
  router: RouterPlan | EdgePlan;
  index: number;
  after: ContainerServer | undefined;
}

/** The router mesh of a plan as containers of one Docker host: same addresses, same files. */
export class LocalMesh extends pulumi.ComponentResource {
  /** Every router that accepts clients, as the Docker host publishes it: edges where there are any, else the interior. */
  readonly endpoints: pulumi.Output<string[]>;

  constructor(name: string, args: LocalMeshArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:LocalMesh", name, {}, opts);
    const plan = planMesh(args.prefix, args, args.zones);
    const image = args.containerImage ?? ROUTER_SOFTWARE[plan.implementation].image;
    const pulled = new RemoteImage(
      `${name}-image`,
      { name: mirroredImage(image, args.registry), keepLocally: true },
      { parent: this },
    );
    const create = (planned: Planned) => createRouter(this, name, args, plan, { ...planned, image, pulled });
    const interior = inOrder(plan.routers, rolloutOrder(plan.routers.length, plan.connectivity), create, undefined);
    const edges = inOrder(plan.edges, edgeOrder(plan.edges.length), create, interior.at(-1));
    this.endpoints = pulumi.all((edges.length > 0 ? edges : interior).map((server) => server.published));
    this.registerOutputs({ endpoints: this.endpoints });
  }
}

/** Creates routers, each after the one that the order names. */
function inOrder(
  routers: readonly Planned["router"][],
  order: readonly (number | undefined)[],
  create: (planned: Planned) => ContainerServer,
  first: ContainerServer | undefined,
): ContainerServer[] {
  const made: ContainerServer[] = [];
  for (const [index, router] of routers.entries()) {
    made.push(create({ router, index, after: made[order[index] ?? -1] ?? first }));
  }
  return made;
}

function createRouter(
  parent: LocalMesh,
  name: string,
  args: LocalMeshArgs,
  { implementation }: MeshPlan,
  { router, index, after, image, pulled }: Planned & { image: string; pulled: RemoteImage },
): ContainerServer {
  const role = router.mode === "edge" ? "edge" : "router";
  const key = role === "edge" ? `${name}-edge-${router.key}` : `${name}-${router.key}`;
  const address = "address" in router ? router.address : undefined;
  const subject = { hostName: router.hostName, address, others: hostNames(args) };
  const tls = issueCertificate(key, args.authority, subject, parent);
  const host = pulumi.all([tls, pulumi.output(args.users)]).apply(([material, users]) =>
    routerHost({
      router,
      implementation,
      image,
      tls: material,
      users: Object.entries(users).map(([user, password]) => ({ name: user, password })),
    }),
  );
  const external = publishedPort(args.published, role, index);
  return new ContainerServer(
    key,
    {
      ...args,
      hostName: router.hostName,
      address,
      imageId: pulled.imageId,
      imageUser: "own",
      host: pulumi.secret(host),
      volumes: [],
      port: { internal: PORTS.amqps, external, ip: args.published.ip },
      after,
    },
    { parent },
  );
}
