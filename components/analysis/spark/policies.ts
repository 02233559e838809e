import type { types } from "@pulumi/kubernetes";

import { API_SERVER_PORTS, named } from "../kubernetes/networkPolicies";

type PolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Peer = types.input.networking.v1.NetworkPolicyPeer;

/** Where pods may open connections to, outside of the cluster or in it. */
export interface Destination {
  /** What it is, such as `object-storage`, `eos`, `cvmfs`; names its policy. */
  name: string;
  /** Its networks, such as `192.0.2.0/24`. In place. */
  cidrs: string[];
  /** Its TCP ports. In place. */
  ports: number[];
}

/** The API server as pods reach it, behind the service's address: policies see connections after that is resolved. */
export interface ApiServer {
  /** The masters' networks or addresses, and that of the service `kubernetes`. In place. */
  cidrs: string[];
  /** Default 443 and 6443. In place. */
  ports?: number[];
}

/** Ports of Spark that others than its own pods may reach. */
export const SPARK_PORTS = { ui: 4040, history: 18_080 } as const;

/** Label that Spark itself gives its pods, whoever submitted them. */
const ROLE = "spark-role";
const DRIVER = { matchLabels: { [ROLE]: "driver" } };
const SPARK = { matchExpressions: [{ key: ROLE, operator: "In", values: ["driver", "executor"] }] };

export interface JobPolicies {
  apiServer: ApiServer;
  egress: readonly Destination[];
  /** Namespaces that may see a driver's UI and read its metrics. */
  observers: readonly string[];
}

/** Policies of a namespace that runs applications, by name; everything else is closed there. */
export function jobPolicies({ apiServer, egress, observers }: JobPolicies): Record<string, PolicySpec> {
  const policies: Record<string, PolicySpec> = {
    "spark-pods": {
      podSelector: SPARK,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: SPARK }] }],
      egress: [{ to: [{ podSelector: SPARK }] }],
    },
    "driver-to-api-server": egressTo(DRIVER, apiServer.cidrs, apiServer.ports ?? API_SERVER_PORTS),
  };
  for (const { name, cidrs, ports } of egress) policies[`spark-to-${name}`] = egressTo(SPARK, cidrs, ports);
  if (observers.length > 0)
    policies["driver-observed"] = {
      podSelector: DRIVER,
      policyTypes: ["Ingress"],
      ingress: [{ from: observers.map(fromNamespace), ports: tcp([SPARK_PORTS.ui]) }],
    };
  return policies;
}

export interface OperatorPolicies {
  apiServer: ApiServer;
  labels: Record<string, string>;
  ports: { webhook: number; metrics: number };
  observers: readonly string[];
}

/** Policies of the operator's pods. */
export function operatorPolicies({
  apiServer,
  labels,
  ports,
  observers,
}: OperatorPolicies): Record<string, PolicySpec> {
  const podSelector = { matchLabels: labels };
  return {
    "operator-to-api-server": egressTo(podSelector, apiServer.cidrs, apiServer.ports ?? API_SERVER_PORTS),
    "api-server-to-webhook": {
      podSelector,
      policyTypes: ["Ingress"],
      // From anywhere: overlays show the API server by an address of theirs, not by the master's; the port is TLS.
      ingress: [{ ports: tcp([ports.webhook]) }],
    },
    ...(observers.length > 0 && {
      "operator-observed": {
        podSelector,
        policyTypes: ["Ingress"],
        ingress: [{ from: observers.map(fromNamespace), ports: tcp([ports.metrics]) }],
      },
    }),
  };
}

export interface HistoryPolicies {
  labels: Record<string, string>;
  egress: readonly Destination[];
  /** Namespaces that may see the history server's UI. */
  readers: readonly string[];
}

/** Policies of the history server's pods: read by its own namespace and those named. */
export function historyPolicies({ labels, egress, readers }: HistoryPolicies): Record<string, PolicySpec> {
  const podSelector = { matchLabels: labels };
  const policies: Record<string, PolicySpec> = {
    "history-read": {
      podSelector,
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: {} }, ...readers.map(fromNamespace)], ports: tcp([SPARK_PORTS.history]) }],
    },
  };
  for (const { name, cidrs, ports } of egress) policies[`history-to-${name}`] = egressTo(podSelector, cidrs, ports);
  return policies;
}

/** The CRD upgrade's job has no labels but those that Kubernetes gives jobs' pods. */
export function hookPolicy(apiServer: ApiServer): PolicySpec {
  const jobs = { matchExpressions: [{ key: "batch.kubernetes.io/job-name", operator: "Exists" }] };
  return egressTo(jobs, apiServer.cidrs, apiServer.ports ?? API_SERVER_PORTS);
}

function egressTo(
  podSelector: PolicySpec["podSelector"],
  cidrs: readonly string[],
  ports: readonly number[],
): PolicySpec {
  const to: Peer[] = cidrs.map((cidr) => ({ ipBlock: { cidr } }));
  return { podSelector, policyTypes: ["Egress"], egress: [{ to, ports: tcp(ports) }] };
}

function fromNamespace(namespace: string): Peer {
  return { namespaceSelector: named(namespace) };
}

function tcp(ports: readonly number[]) {
  return ports.map((port) => ({ protocol: "TCP", port }));
}

const NETWORK = /^([\d.]+\/\d{1,2}|[0-9a-fA-F:]+\/\d{1,3})$/;

/** What is wrong with destinations: an empty list of networks would mean every one. */
export function destinationFindings(path: string, destinations: readonly Destination[]): string[] {
  return destinations.flatMap(({ name, cidrs, ports }) => [
    ...(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)
      ? []
      : [`\`${path}\`: a destination's name must be lower-case letters, digits and hyphens, got "${name}".`]),
    ...networkFindings(`${path}.${name}`, cidrs, ports),
  ]);
}

export function networkFindings(path: string, cidrs: readonly string[], ports: readonly number[]): string[] {
  const findings: string[] = [];
  if (cidrs.length === 0)
    findings.push(`\`${path}.cidrs\` is empty, which would allow every address. Name its networks.`);
  if (ports.length === 0) findings.push(`\`${path}.ports\` is empty, which would allow every port. Name its ports.`);
  for (const cidr of cidrs)
    if (!NETWORK.test(cidr)) findings.push(`\`${path}.cidrs\` must be networks such as 192.0.2.0/24, got "${cidr}".`);
  for (const port of ports)
    if (!Number.isSafeInteger(port) || port < 1 || port > 65_535)
      findings.push(`\`${path}.ports\` must be 1 to 65535, got ${port}.`);
  return findings;
}
