import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";

import { ChartRelease } from "../kubernetes/ChartRelease";
import type { ChartSource } from "../kubernetes/charts";
import { recommendedLabels } from "../kubernetes/labels";
import { WorkloadNamespace } from "../kubernetes/WorkloadNamespace";
import { HistoryServer } from "./HistoryServer";
import type { EventLogs } from "./objectStore";
import { OPERATOR_PORTS, type OperatorArgs, operatorLabels, operatorValues } from "./operator";
import {
  checkPlatform,
  CREDENTIALS_SECRET,
  type HistoryArgs,
  platformStore,
  RELEASE,
  type StoreArgs,
} from "./platform";
import { type ApiServer, type Destination, hookPolicy, operatorPolicies } from "./policies";
import { type JobNamespaceArgs, SparkJobNamespace, type StoreCredentials } from "./SparkJobNamespace";

/** Who watches the platform. */
export interface MonitoringArgs {
  /** Namespaces that may read metrics and see drivers' UIs, such as that of Prometheus. In place. */
  namespaces: string[];
  /** Whether Prometheus' operator is told what to read, by PodMonitors; it must be in the cluster. Default false. In place. */
  podMonitors?: boolean;
}

export interface SparkPlatformArgs {
  /** Namespace of the operator and the history server. Default `spark-system`. REPLACES them. */
  systemNamespace?: string;
  /** The operator. Default: it is installed. */
  operator?: OperatorArgs;
  /** Where its chart is taken from. Default: where it is published. */
  charts?: ChartSource;
  /** Namespaces that run applications, by name. Each is added or removed by itself; the operator rolls. */
  namespaces: Record<string, JobNamespaceArgs>;
  /** The cluster's API as its pods reach it. In place. */
  apiServer: ApiServer;
  /** Where pods of all job namespaces, and the history server, may open connections to. Default: nowhere. In place. */
  egress?: Destination[];
  /** Object storage. Default: none. */
  store?: StoreArgs;
  /** Its credentials. Needed with `store`. In place. */
  credentials?: StoreCredentials;
  /** Where runs' event logs go. Default: nowhere. */
  eventLogs?: EventLogs;
  /** What shows runs that have ended. Default: nothing. */
  history?: HistoryArgs;
  /** Who watches. Default: nobody. */
  monitoring?: MonitoringArgs;
}

/** Everything that Spark applications need of a cluster: operator, namespaces, rights, ways out, event logs and their server. */
export class SparkPlatform extends pulumi.ComponentResource {
  /** Namespaces that run applications, known once an application can run there. */
  readonly namespaces: pulumi.Output<Record<string, string>>;
  /** The history server's address in the cluster; undefined if there is none. */
  readonly historyUrl: pulumi.Output<string | undefined>;

  constructor(name: string, args: SparkPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:SparkPlatform", name, {}, opts);
    checkPlatform(planOf(args));
    const jobs = Object.fromEntries(
      Object.keys(args.namespaces)
        .sort()
        .map((space) => [space, jobNamespace(this, name, space, args)]),
    );
    const system = systemNamespace(this, name, args);
    const ready = install(this, name, system, args, Object.values(jobs));
    const names = pulumi.all(Object.entries(jobs).map(([key, job]) => job.namespace.apply((is) => [key, is] as const)));
    this.namespaces = pulumi.all([names, ready]).apply(([entries]) => Object.fromEntries(entries));
    this.historyUrl = pulumi.output(history(this, name, system, args)?.url);
    this.registerOutputs({ namespaces: this.namespaces, historyUrl: this.historyUrl });
  }
}

function planOf(args: SparkPlatformArgs) {
  const { namespaces, apiServer, egress = [], store, eventLogs, history: shown } = args;
  const rest = { systemNamespace: args.systemNamespace ?? "spark-system", credentials: args.credentials !== undefined };
  return { namespaces, apiServer, egress, store, eventLogs, history: shown, ...rest };
}

function jobNamespace(parent: SparkPlatform, name: string, namespace: string, args: SparkPlatformArgs) {
  const own = args.namespaces[namespace] ?? {};
  return new SparkJobNamespace(
    `${name}-${namespace}`,
    {
      ...own,
      ...{ namespace, instance: name, apiServer: args.apiServer },
      egress: [...(args.egress ?? []), ...(own.egress ?? [])],
      credentials: args.store === undefined ? undefined : args.credentials,
      observers: args.monitoring?.namespaces,
      podMonitor: args.monitoring?.podMonitors,
    },
    { parent },
  );
}

function systemNamespace(parent: SparkPlatform, name: string, args: SparkPlatformArgs): pulumi.Output<string> {
  const space = new WorkloadNamespace(
    `${name}-system`,
    {
      namespace: planOf(args).systemNamespace,
      part: { name: "spark", instance: name, component: "system" },
      // The chart's job that upgrades CRDs does not say that it is not root.
      podSecurity: args.operator?.upgradeCrds === true ? "baseline" : "restricted",
    },
    { parent },
  );
  return space.namespace;
}

function install(
  parent: SparkPlatform,
  name: string,
  namespace: pulumi.Output<string>,
  args: SparkPlatformArgs,
  jobs: SparkJobNamespace[],
): pulumi.Output<string> {
  const { operator = {}, monitoring } = args;
  if (operator.install === false) return namespace;
  const values = operatorValues(operator, {
    jobNamespaces: Object.keys(args.namespaces),
    podMonitors: monitoring?.podMonitors ?? false,
  });
  const policies = operatorPolicies({
    ...{ apiServer: args.apiServer, labels: operatorLabels(RELEASE), ports: OPERATOR_PORTS },
    observers: monitoring?.namespaces ?? [],
  });
  if (operator.upgradeCrds === true) policies["crd-upgrade-to-api-server"] = hookPolicy(args.apiServer);
  const labels = recommendedLabels({ name: "spark", instance: name, component: "operator" });
  const ways = Object.entries(policies).map(
    ([policy, spec]) =>
      new NetworkPolicy(`${name}-${policy}`, { metadata: { name: policy, namespace, labels }, spec }, { parent }),
  );
  // Its roles lie in the job namespaces.
  return new ChartRelease(
    `${name}-operator`,
    { chart: "spark-operator", releaseName: RELEASE, namespace, values, source: args.charts },
    { parent, dependsOn: [...ways, ...jobs] },
  ).ready;
}

function history(parent: SparkPlatform, name: string, namespace: pulumi.Output<string>, args: SparkPlatformArgs) {
  const { store, eventLogs, history: wanted, credentials } = args;
  if (wanted === undefined || store === undefined || eventLogs === undefined || credentials === undefined)
    return undefined;
  const labels = recommendedLabels({ name: "spark", instance: name, component: "history-server" });
  const secret = new Secret(
    `${name}-store`,
    {
      metadata: { name: CREDENTIALS_SECRET, namespace, labels },
      stringData: pulumi.secret({ "access-key": credentials.accessKey, "secret-key": credentials.secretKey }),
    },
    { parent },
  );
  return new HistoryServer(
    `${name}-history`,
    { ...wanted, ...{ namespace, instance: name, store: platformStore(store), eventLogs }, egress: args.egress ?? [] },
    { parent, dependsOn: secret },
  );
}
