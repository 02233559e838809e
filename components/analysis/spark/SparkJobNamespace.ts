import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import { Role } from "@pulumi/kubernetes/rbac/v1/role";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding";
import * as pulumi from "@pulumi/pulumi";

import { type Part, recommendedLabels } from "../kubernetes/labels";
import { WorkloadNamespace } from "../kubernetes/WorkloadNamespace";
import { driverMonitor, MONITORING_API } from "./monitoring";
import { CREDENTIALS_SECRET } from "./platform";
import { type ApiServer, type Destination, jobPolicies } from "./policies";
import { DRIVER_RULES } from "./rights";

/** A namespace that runs applications. */
export interface JobNamespaceArgs {
  /** Kubernetes' quota of it, such as `limits.cpu: "200"`, `pods: "1000"`. Default: none. In place. */
  quota?: Record<string, string>;
  /** What a container gets that asks for nothing. Default, where there is a quota: `cpu: 500m`, `memory: 512Mi`. In place. */
  containerDefaults?: Record<string, string>;
  /** Where its pods may open connections to, beside what the platform allows all. Default: nowhere. In place. */
  egress?: Destination[];
}

/** Credentials of object storage. */
export interface StoreCredentials {
  /** Secret. In place; pods that run keep the former. */
  accessKey: pulumi.Input<string>;
  /** Secret. In place; pods that run keep the former. */
  secretKey: pulumi.Input<string>;
}

export interface SparkJobNamespaceArgs extends JobNamespaceArgs {
  /** Name of the namespace. REPLACES it and all that is in it. */
  namespace: string;
  /** The platform that it is a part of. In place. */
  instance: string;
  /** The cluster's API, for drivers. In place. */
  apiServer: ApiServer;
  /** Put into the namespace as a Secret. Default: none. */
  credentials?: StoreCredentials;
  /** Namespaces that may see drivers' UIs and metrics. Default: none. In place. */
  observers?: string[];
  /** Whether Prometheus' operator is told of drivers; it must be there. Default false. */
  podMonitor?: boolean;
}

/** A closed namespace with all that drivers and executors need: accounts, rights, ways out, credentials. */
export class SparkJobNamespace extends pulumi.ComponentResource {
  /** Its name, known once everything in it is there. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: SparkJobNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:SparkJobNamespace", name, {}, opts);
    const part = { name: "spark", instance: args.instance, component: "jobs" };
    const defaults = args.quota === undefined ? undefined : { cpu: "500m", memory: "512Mi" };
    const space = new WorkloadNamespace(
      name,
      {
        ...{ namespace: args.namespace, part, quota: args.quota },
        containerDefaults: args.containerDefaults ?? defaults,
      },
      { parent: this },
    );
    const made = [
      ...accounts(this, name, space.namespace, part),
      ...policies(this, name, space.namespace, part, args),
      ...(args.credentials ? [credentials(this, name, space.namespace, part, args.credentials)] : []),
    ];
    if (args.podMonitor === true) made.push(monitor(this, name, space.namespace, part));
    this.namespace = pulumi.all(made.map(({ id }) => id)).apply(() => space.namespace);
    this.registerOutputs({ namespace: this.namespace });
  }
}

type Space = pulumi.Output<string>;

function accounts(parent: SparkJobNamespace, name: string, namespace: Space, part: Part): pulumi.CustomResource[] {
  const metadata = (object: string) => ({ name: object, namespace, labels: recommendedLabels(part) });
  const driver = new ServiceAccount(`${name}-driver`, { metadata: metadata("spark") }, { parent });
  const executor = new ServiceAccount(
    `${name}-executor`,
    { metadata: metadata("spark-executor"), automountServiceAccountToken: false },
    { parent },
  );
  const role = new Role(`${name}-driver`, { metadata: metadata("spark-driver"), rules: DRIVER_RULES }, { parent });
  const binding = new RoleBinding(
    `${name}-driver`,
    {
      metadata: metadata("spark-driver"),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: driver.metadata.name, namespace }],
    },
    { parent },
  );
  return [executor, binding];
}

function policies(
  parent: SparkJobNamespace,
  name: string,
  namespace: Space,
  part: Part,
  { apiServer, egress = [], observers = [] }: SparkJobNamespaceArgs,
): pulumi.CustomResource[] {
  return Object.entries(jobPolicies({ apiServer, egress, observers })).map(
    ([policy, spec]) =>
      new NetworkPolicy(
        `${name}-${policy}`,
        { metadata: { name: policy, namespace, labels: recommendedLabels(part) }, spec },
        { parent },
      ),
  );
}

function credentials(
  parent: SparkJobNamespace,
  name: string,
  namespace: Space,
  part: Part,
  { accessKey, secretKey }: StoreCredentials,
): pulumi.CustomResource {
  return new Secret(
    `${name}-store`,
    {
      metadata: { name: CREDENTIALS_SECRET, namespace, labels: recommendedLabels(part) },
      stringData: pulumi.secret({ "access-key": accessKey, "secret-key": secretKey }),
    },
    { parent },
  );
}

function monitor(parent: SparkJobNamespace, name: string, namespace: Space, part: Part): pulumi.CustomResource {
  return new CustomResource(
    `${name}-monitor`,
    {
      ...MONITORING_API,
      metadata: { name: "spark-drivers", namespace, labels: recommendedLabels(part) },
      spec: driverMonitor(),
    },
    { parent },
  );
}
