/**
 * How the in-cluster cloud provider names what it makes. Source: kubernetes/cloud-provider-openstack, master of July
 * 2026: `pkg/openstack/loadbalancer.go` (`lbFormat`, `createOctaviaLoadBalancer`, `ensureFloatingIP`),
 * `pkg/openstack/loadbalancer_sg.go`, `pkg/ingress/controller` (octavia-ingress-controller),
 * `pkg/csi/cinder/controllerserver.go` (`cinderCSIClusterIDKey`). Magnum's own pre-delete goes by the same descriptions
 * (`magnum/common/octavia.py`, `magnum/common/neutron.py`), and by them alone.
 *
 * The cluster in them is the `--cluster-name` of the provider: with Magnum's Heat driver the cluster's UUID, with
 * Cluster API the name of its stack.
 */

/** Names are cut at 255 bytes; of a cut one the parts cannot be told. */
const LONGEST_NAME = 255;

/** The metadata key by which Cinder's CSI driver marks its volumes and snapshots. */
export const CSI_CLUSTER_KEY = "cinder.csi.openstack.org/cluster";

/**
 * What Magnum's Heat driver calls every cluster towards CSI: which one a volume is of cannot be told. Source: Magnum
 * 22.0.0, `common/templates/kubernetes/fragments/enable-cinder-csi.sh`, `CLUSTER_NAME`.
 */
export const ANY_CLUSTER = "kubernetes";

/** Kubernetes' own volume names. Source: kubernetes-csi/external-provisioner, `--volume-name-prefix`, default `pvc`. */
export const isPersistentVolume = (name: string): boolean =>
  /^pvc-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);

const LOAD_BALANCER_TEXTS = [
  /^Kubernetes external service \S+ from cluster (.+)$/,
  /^Kubernetes ingress \S+ in namespace \S+ from cluster (.+)$/,
];
const FLOATING_IP_TEXTS = [
  /^Floating IP for Kubernetes external service \S+ from cluster (.+)$/,
  /^Floating IP for Kubernetes ingress \S+ in namespace \S+ from cluster (.+)$/,
];
const SECURITY_GROUP_TEXTS = [
  /^Security Group for \S+ Service LoadBalancer in cluster (.+)$/,
  /^Security group created for Ingress \S+ from cluster (.+)$/,
];

interface Described {
  name?: string | null;
  description?: string | null;
}

/** The cluster that a load balancer was made for; `undefined` where the cloud provider did not make it. */
export function clusterOfLoadBalancer({ name, description }: Described): string | undefined {
  return clusterIn(description, LOAD_BALANCER_TEXTS) ?? clusterInName(name ?? "");
}

/** The cluster that a floating IP was made for. One without the description was given by a user, and is the user's. */
export function clusterOfFloatingIp({ description }: Described): string | undefined {
  return clusterIn(description, FLOATING_IP_TEXTS);
}

/** The cluster that a security group was made for; its name (`lb-sg-<uid>-…`) does not tell. */
export function clusterOfSecurityGroup({ description }: Described): string | undefined {
  return clusterIn(description, SECURITY_GROUP_TEXTS);
}

function clusterIn(text: string | null | undefined, patterns: readonly RegExp[]): string | undefined {
  return patterns.map((pattern) => pattern.exec(text ?? "")?.[1]).find((found) => found !== undefined);
}

/** `kube_service_<cluster>_<namespace>_<service>`: Kubernetes' names have no underscore, so the last two parts are known. */
function clusterInName(name: string): string | undefined {
  if (Buffer.byteLength(name) >= LONGEST_NAME) return undefined;
  return /^kube_(?:service|ingress)_(.+)_[^_]+_[^_]+$/.exec(name)?.[1];
}
