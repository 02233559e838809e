import { createHash } from "node:crypto";

import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";

import { recommendedLabels, selectorLabels } from "../kubernetes/labels";
import { HISTORY_FILE, historyConf, historyDeployment, historyPart } from "./history";
import type { EventLogs, ObjectStore } from "./objectStore";
import type { HistoryArgs } from "./platform";
import { type Destination, historyPolicies, SPARK_PORTS } from "./policies";
import { sparkVersionOf } from "./versions";

export interface HistoryServerArgs extends HistoryArgs {
  /** A namespace that has the Secret of `store`. REPLACES it. */
  namespace: pulumi.Input<string>;
  /** The platform that it is a part of. REPLACES it. */
  instance: string;
  /** Object storage with the event logs. Restarts it. */
  store: ObjectStore;
  /** Where the event logs are. Restarts it. */
  eventLogs: EventLogs;
  /** Where it may open connections to: the object storage. In place. */
  egress: Destination[];
}

/** Shows runs that have ended, from their event logs; to the inside of the cluster only. */
export class HistoryServer extends pulumi.ComponentResource {
  /** Its address in the cluster. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: HistoryServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:HistoryServer", name, {}, opts);
    const part = historyPart(args.instance);
    const metadata = { name: part.component, namespace: args.namespace, labels: recommendedLabels(part) };
    deploy(this, name, args, metadata);
    const service = new Service(
      name,
      {
        metadata,
        spec: {
          type: "ClusterIP",
          selector: selectorLabels(part),
          ports: [{ name: "ui", port: SPARK_PORTS.history, targetPort: "ui" }],
        },
      },
      { parent: this },
    );
    this.url = pulumi.interpolate`http://${service.metadata.name}.${args.namespace}.svc:${SPARK_PORTS.history}`;
    this.registerOutputs({ url: this.url });
  }
}

interface Metadata {
  name: string;
  namespace: pulumi.Input<string>;
  labels: Record<string, string>;
}

function deploy(parent: HistoryServer, name: string, args: HistoryServerArgs, metadata: Metadata): void {
  const sparkVersion = sparkVersionOf(args.image, args.sparkVersion) ?? "";
  const plan = { ...args, sparkVersion, keepDays: args.keepDays ?? 90, memoryMiB: args.memoryMiB ?? 1024 };
  const text = historyConf(plan);
  const labels = selectorLabels(historyPart(args.instance));
  const configuration = new ConfigMap(name, { metadata, data: { [HISTORY_FILE]: text } }, { parent });
  for (const [policy, spec] of Object.entries(
    historyPolicies({ labels, egress: args.egress, readers: args.readers ?? [] }),
  ))
    new NetworkPolicy(`${name}-${policy}`, { metadata: { ...metadata, name: policy }, spec }, { parent });
  const revision = createHash("sha256").update(text).digest("hex").slice(0, 16);
  new Deployment(
    name,
    { metadata, spec: historyDeployment(plan, metadata.name, revision) },
    { parent, dependsOn: configuration },
  );
}
