import { Provider } from "@pulumi/openstack/provider";
import * as pulumi from "@pulumi/pulumi";

import type { CloudClient } from "../../components/cloud/client";
import { type Credentials, findCredentials, leadNowhere, NoCloudsFile } from "../../components/cloud/credentials";
import type { Rollout } from "../../components/compute/Rollout";
import { UserError } from "../../components/errors";
import type { StackConfig } from "../config/schema";
import type { StackPlan } from "../plan";
import { consoleRollout } from "../rollout";
import { withDeployedLabels } from "./deployedLabels";
import { type FactsFile, readFacts } from "./facts/file";
import type { Inventory } from "./inventory";
import type { MagnumState } from "./magnumClusters";
import { needsOf } from "./needs";
import type { OfflineRequest } from "./offline";

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
 * credentials a preview still works: by the facts that were recorded of the cloud, else with a warning that names are not
 * checked and ids stay unknown.
 */
export async function openCloud(config: StackConfig, plan: StackPlan, stack: string): Promise<Cloud> {
  const credentials = credentialsOf(config.cloud.name);
  if (credentials === undefined || leadNowhere(credentials)) {
    return withoutCredentials({ config, plan, stack, placeholder: credentials !== undefined });
  }
  // Loaded here, since an offline preview does without an HTTP client.
  const [{ connect }, { readCloud }, { checkNeeds, lookUp }] = await Promise.all([
    import("../../components/cloud/client.js"),
    import("./read.js"),
    import("./check.js"),
  ]);
  const client = await connect(credentials);
  const { inventory, magnum } = await readCloud(client, config, plan);
  checkNeeds(needsOf(config, plan), inventory, stack);
  return {
    provider: new Provider("cloud", { cloud: config.cloud.name, region: config.cloud.region }),
    ...lookUp(inventory),
    magnum: await withDeployedLabels(magnum),
    rollout: rolloutOf(config, client, inventory),
  };
}

function rolloutOf(config: StackConfig, client: CloudClient, inventory: Inventory): Rollout | undefined {
  const { gate, timeout } = config.messaging?.rollout ?? { gate: "none", timeout: 0 };
  if (gate === "none") return undefined;
  return consoleRollout({ client, timeout, before: new Set(inventory.servers.map((server) => server.name)) });
}

/** A cloud named in the configuration without any clouds.yaml on this machine is none, where facts of it were recorded. */
function credentialsOf(name: string | undefined): Credentials | undefined {
  try {
    return findCredentials(name, process.env, process.cwd());
  } catch (error) {
    if (error instanceof NoCloudsFile && recordedFacts() !== undefined) return undefined;
    throw error;
  }
}

/** Only previews go by facts. */
function recordedFacts(): FactsFile | undefined {
  return pulumi.runtime.isDryRun() ? readFacts(pulumi.getRootDirectory(), pulumi.getStack()) : undefined;
}

async function withoutCredentials(request: OfflineRequest): Promise<Cloud> {
  if (!pulumi.runtime.isDryRun()) {
    throw new UserError(
      "No cloud is configured. Set OS_CLOUD (an entry of clouds.yaml) or the OS_* variables, or `cloud.name` in the stack's configuration.",
    );
  }
  const { recordedCloud, unknownCloud } = await import("./offline.js");
  const facts = recordedFacts();
  return facts === undefined ? unknownCloud(request) : recordedCloud({ ...request, facts });
}
