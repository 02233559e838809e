import type { types } from "@pulumi/kubernetes";

type PolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Peer = types.input.networking.v1.NetworkPolicyPeer;

/** Of the cluster's API: of the service `kubernetes`, and of masters behind it. */
export const API_SERVER_PORTS: number[] = [443, 6443];

const EVERY_POD = { podSelector: {} };
const DNS = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
];

/** Nothing in, nothing out but names: what a namespace begins with. */
export function denyAll(): PolicySpec {
  return {
    ...EVERY_POD,
    policyTypes: ["Ingress", "Egress"],
    egress: [{ to: [{ namespaceSelector: named("kube-system") }], ports: DNS }],
  };
}

/** Pods with these labels may talk to each other, on every port. */
export function amongThemselves(labels: Record<string, string>): PolicySpec {
  const podSelector = { matchLabels: labels };
  return {
    podSelector,
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector }] }],
    egress: [{ to: [{ podSelector }] }],
  };
}

/** Pods with these labels may open connections to peers, on TCP ports. */
export function mayReach(labels: Record<string, string>, to: Peer[], ports: readonly number[]): PolicySpec {
  return { podSelector: { matchLabels: labels }, policyTypes: ["Egress"], egress: [{ to, ports: tcp(ports) }] };
}

/** Peers may open connections to pods with these labels, on TCP ports. */
export function reachableBy(labels: Record<string, string>, from: Peer[], ports: readonly number[]): PolicySpec {
  return { podSelector: { matchLabels: labels }, policyTypes: ["Ingress"], ingress: [{ from, ports: tcp(ports) }] };
}

/** Selects a namespace by the label that Kubernetes gives each. */
export function named(namespace: string) {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}

function tcp(ports: readonly number[]) {
  return ports.map((port) => ({ protocol: "TCP", port }));
}
