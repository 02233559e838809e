import { Provider } from "@pulumi/openstack/provider";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../../components/errors";
import type { StackConfig } from "../config/schema";
import type { StackPlan } from "../plan";
import { checkNeeds, lookUp } from "./check";
import { withDeployedLabels } from "./deployedLabels";
import { checkOrigin, describeFacts, type FactsFile } from "./facts/file";
import { inventoryOf, magnumOf } from "./facts/format";
import type { Inventory } from "./inventory";
import { NO_CLUSTERS } from "./magnumClusters";
import { needsOf } from "./needs";
import type { Cloud } from "./open";

/** A preview without credentials. */
export interface OfflineRequest {
  config: StackConfig;
  plan: StackPlan;
  /** Who owns the resources: `project/stack`. */
  stack: string;
  /** Whether the provider finds credentials that lead nowhere by itself. */
  placeholder: boolean;
}

/** A preview without credentials and without recorded facts: names are not checked, ids stay unknown. */
export function unknownCloud(request: OfflineRequest): Cloud {
  void pulumi.log.warn(
    "No cloud is configured: this preview checks no names and no quotas, and ids of the cloud stay unknown.",
  );
  const unknown = () => pulumi.output(pulumi.unknown as unknown as string);
  return {
    provider: unreachableProvider(request),
    networkId: unknown,
    subnetId: unknown,
    imageId: unknown,
    flavor: () => undefined,
    magnum: NO_CLUSTERS,
  };
}

/** A preview without credentials by what was recorded of the cloud: the same checks, and the ids that it has. */
export async function recordedCloud(request: OfflineRequest & { facts: FactsFile }): Promise<Cloud> {
  const { facts } = request;
  checkOrigin(facts, request.config.cloud);
  const { text, old } = describeFacts(facts, new Date());
  void (old ? pulumi.log.warn(text) : pulumi.log.info(text));
  const inventory = inventoryOf(facts.facts);
  checkRecorded(request, inventory, facts);
  return {
    provider: unreachableProvider(request),
    ...lookUp(inventory),
    magnum: await withDeployedLabels(magnumOf(facts.facts, labelsOf(request.plan))),
  };
}

/** Labels that clusters will have, by the clusters' names. */
function labelsOf({ clusters, templates }: StackPlan): Map<string, Record<string, string>> {
  return new Map(clusters.map(({ name, template, labels }) => [name, { ...templates[template]?.labels, ...labels }]));
}

/** @throws UserError that says what was compared with, since the cloud itself may have changed. */
function checkRecorded(
  { config, plan, stack }: OfflineRequest,
  inventory: Inventory,
  { file, facts }: FactsFile,
): void {
  try {
    checkNeeds(needsOf(config, plan), inventory, stack);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${error.message}\nThis is by the facts in ${file}, recorded on ${facts.recorded}. ` +
        `If the cloud has it, record them again: \`make record STACK=${facts.stack}\`.`,
      error.findings,
    );
  }
}

/**
 * Never contacted: a preview asks the cloud for nothing. The provider wants to be told of one all the same, which shows as
 * an update of the provider itself where the stack is deployed; not so by placeholders of the environment.
 */
function unreachableProvider({ config: { cloud }, placeholder }: OfflineRequest): Provider {
  if (placeholder) return new Provider("cloud", { cloud: cloud.name, region: cloud.region });
  return new Provider("cloud", {
    region: cloud.region,
    authUrl: "https://cloud.invalid/v3",
    userName: "nobody",
    password: "none",
    tenantName: "none",
    domainName: "Default",
  });
}
