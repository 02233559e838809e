import { Provider } from "@pulumi/openstack/provider";
import * as pulumi from "@pulumi/pulumi";

import type { CloudClient } from "../../components/cloud/client";
import { findCredentials } from "../../components/cloud/credentials";
import type { Rollout } from "../../components/compute/Rollout";
import { UserError } from "../../components/errors";
import type { StackConfig } from "../config/schema";
import type { StackPlan } from "../plan";
import { consoleRollout } from "../rollout";
import { withDeployedLabels } from "./deployedLabels";
import type { Inventory } from "./inventory";
import { type MagnumState, NO_CLUSTERS, readMagnum } from "./magnumClusters";
import { needsOf } from "./needs";

/** The cloud that a stack is deployed to: its provider, and what was found out about it. */
export interface Cloud {
  provider: Provider;
  /** Id of a network by its name or id; unknown where a preview runs without a cloud. */
  networkId(nameOrId: string): pulumi.Input<string>;
  /** Id of a subnet, likewise. */
  subnetId(nameOrId: string): pulumi.Input<string>;
  /** Id of an image, likewise. */
  imageId(nameOrId: string): pulumi.Input<string>;
  /** A flavor's processors and memory; nothing where a preview runs without a cloud. */
  flavor(name: string): { cores: number; memoryMiB: number } | undefined;
  /** What Magnum has already. Nothing where a preview runs without a cloud. */
  magnum: MagnumState;
  /** What a replaced server is waited for; nothing where the configuration says so. */
  rollout?: Rollout;
}

/**
 * Checks the stack's needs against its cloud before anything is created, and gives the provider. Without any
 * credentials a preview still works, with a warning: names are not checked, ids stay unknown.
 */
export async function openCloud(config: StackConfig, plan: StackPlan, stack: string): Promise<Cloud> {
  const credentials = findCredentials(config.cloud.name, process.env, process.cwd());
  if (credentials === undefined) return withoutCloud();
  // Loaded here, since an offline preview does without an HTTP client.
  const [{ connect }, { readInventory }, { checkNeeds, idOf }] = await Promise.all([
    import("../../components/cloud/client.js"),
    import("./inventory.js"),
    import("./check.js"),
  ]);
  const client = await connect(credentials);
  const [inventory, magnum] = await Promise.all([
    readInventory(client, plan.prefix),
    config.clusters === undefined
      ? NO_CLUSTERS
      : readMagnum(
          client,
          plan.clusters.map(({ name }) => name),
        ),
  ]);
  checkNeeds(needsOf(config, plan), inventory, stack);
  return {
    provider: new Provider("cloud", { cloud: config.cloud.name, region: config.cloud.region }),
    networkId: (nameOrId) => idOf(inventory.networks, nameOrId),
    subnetId: (nameOrId) => idOf(inventory.subnets, nameOrId),
    imageId: (nameOrId) => idOf(inventory.images, nameOrId),
    flavor: (name) => shapeOf(inventory, name),
    magnum: await withDeployedLabels(magnum),
    rollout: rolloutOf(config, client, inventory),
  };
}

function shapeOf({ flavors }: Inventory, name: string): { cores: number; memoryMiB: number } | undefined {
  const found = flavors.find((flavor) => flavor.name === name || flavor.id === name);
  return found && { cores: found.vcpus, memoryMiB: found.ram };
}

function rolloutOf(config: StackConfig, client: CloudClient, inventory: Inventory): Rollout | undefined {
  const { gate, timeout } = config.messaging?.rollout ?? { gate: "none", timeout: 0 };
  if (gate === "none") return undefined;
  return consoleRollout({ client, timeout, before: new Set(inventory.servers.map((server) => server.name)) });
}

function withoutCloud(): Cloud {
  if (!pulumi.runtime.isDryRun()) {
    throw new UserError(
      "No cloud is configured. Set OS_CLOUD (an entry of clouds.yaml) or the OS_* variables, or `cloud.name` in the stack's configuration.",
    );
  }
  void pulumi.log.warn(
    "No cloud is configured: this preview checks no names and no quotas, and ids of the cloud stay unknown.",
  );
  // Never contacted: a preview of new resources asks the cloud for nothing.
  const provider = new Provider("cloud", {
    authUrl: "https://cloud.invalid/v3",
    userName: "nobody",
    password: "none",
    tenantName: "none",
    domainName: "Default",
  });
  const unknown = () => pulumi.output(pulumi.unknown as unknown as string);
  return {
    provider,
    networkId: unknown,
    subnetId: unknown,
    imageId: unknown,
    flavor: () => undefined,
    magnum: NO_CLUSTERS,
  };
}
