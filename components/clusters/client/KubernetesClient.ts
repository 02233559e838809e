import { Provider } from "@pulumi/kubernetes/provider";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding";
import * as pulumi from "@pulumi/pulumi";

import { ClientCertificate } from "./ClientCertificate";
import { renderKeystoneKubeconfig, renderKubeconfig } from "./kubeconfig";

/** Kubernetes' own group that may do everything, whatever RBAC says. */
const MASTERS = "system:masters";

export interface KubernetesScope {
  /** Cluster role to be bound, such as `view`, `edit`, `admin` (Kubernetes' own) or one of yours. In place. */
  clusterRole: string;
  /** Namespaces that it is bound in; they must exist. Default: the whole cluster. In place. */
  namespaces?: string[];
}

export interface KubernetesClientArgs {
  /** Name of the cluster in the kubeconfig. In place. */
  clusterName: string;
  /** Magnum's id of the cluster. Makes new credentials. */
  clusterId: pulumi.Input<string>;
  /** URL of the cluster's API. In place. */
  apiAddress: pulumi.Input<string>;
  /** The user's name, which the cluster's audit log shows. Makes new credentials. */
  user: string;
  /** What the user may do. Default: everything (`system:masters`). */
  scope?: KubernetesScope;
  /** A provider that may bind the scope's role: another client's, without a scope. Needed with `scope`. */
  administrator?: Provider;
  /** Any text; another one mints new credentials. Default empty. */
  serial?: string;
  /** Entry of clouds.yaml to ask Magnum by. Default: `OS_CLOUD`, else the `OS_*` variables. */
  cloud?: string;
  region?: string;
}

/**
 * Credentials for a cluster's Kubernetes API, signed by the cluster's own authority: a kubeconfig, and a Pulumi
 * provider ready for use. They are minted anew with another `serial`, before they end, and after Magnum rotated the
 * authority.
 */
export class KubernetesClient extends pulumi.ComponentResource {
  /** Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** For those who log in with Keystone, by credentials of their own; no secret. The cluster must have Keystone's webhook. */
  readonly keystoneKubeconfig: pulumi.Output<string>;
  private readonly name: string;
  private readonly clusterIdentifier: pulumi.Input<string>;
  private made?: Provider;

  constructor(name: string, args: KubernetesClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:KubernetesClient", name, {}, opts);
    this.name = name;
    this.clusterIdentifier = args.clusterId;
    const { clusterId, user, serial, cloud, region } = args;
    const group = args.scope === undefined ? MASTERS : undefined;
    const parent = { parent: this };
    const credentials = new ClientCertificate(name, { clusterId, user, group, serial, cloud, region }, parent);
    this.kubeconfig = pulumi.secret(
      pulumi
        .all([args.apiAddress, credentials.caPem, credentials.certificatePem, credentials.keyPem])
        .apply(([server, caPem, certificatePem, keyPem]) =>
          renderKubeconfig({
            cluster: args.clusterName,
            server,
            user,
            caPem,
            certificatePem,
            keyPem,
            namespace: args.scope?.namespaces?.[0],
          }),
        ),
    );
    this.keystoneKubeconfig = pulumi
      .all([args.apiAddress, credentials.caPem])
      .apply(([server, caPem]) => renderKeystoneKubeconfig({ cluster: args.clusterName, server, caPem }));
    if (args.scope !== undefined) bind(this, name, user, args.scope, args.administrator);
    this.registerOutputs({ kubeconfig: this.kubeconfig });
  }

  /**
   * A Pulumi provider for the cluster's resources. Made when it is first asked for: a program that only hands out
   * kubeconfigs needs no Kubernetes plugin. New credentials are no new cluster: by its `clusterIdentifier` its
   * resources stay.
   */
  get provider(): Provider {
    const { kubeconfig, clusterIdentifier } = this;
    this.made ??= new Provider(`${this.name}-provider`, { kubeconfig, clusterIdentifier }, { parent: this });
    return this.made;
  }
}

function bind(
  parent: pulumi.Resource,
  name: string,
  user: string,
  scope: KubernetesScope,
  provider: Provider | undefined,
): void {
  if (provider === undefined) throw new Error("`administrator` is needed to bind a scope's role");
  const binding = {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: scope.clusterRole },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
  };
  const options = { parent, provider };
  const bindingName = `${user}-${scope.clusterRole}`.replaceAll(/[^a-z0-9.-]/g, "-");
  if (scope.namespaces === undefined) {
    new ClusterRoleBinding(`${name}-role`, { metadata: { name: bindingName }, ...binding }, options);
    return;
  }
  for (const namespace of scope.namespaces) {
    new RoleBinding(`${name}-role-${namespace}`, { metadata: { name: bindingName, namespace }, ...binding }, options);
  }
}
