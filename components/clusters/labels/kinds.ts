import type { LabelFacts, LabelKind } from "./label";

/** What Heat's parameter types do not say of a label: its unit, its range, the form of its text. */
type Refinement = Partial<Pick<LabelFacts, "kind" | "unit" | "min" | "max" | "values">>;

const size: Refinement = { unit: "GiB", min: 0, max: 65_536 };

/**
 * By label. Units and values are those of Magnum's user guide (doc/source/user/index.rst) and of the Heat parameters'
 * descriptions.
 */
const REFINEMENTS: Readonly<Record<string, Refinement>> = {
  etcd_volume_size: size,
  boot_volume_size: size,
  etcd_blockdevice_size: size,
  monitoring_retention_size: { unit: "GiB", min: 1, max: 65_536 },
  monitoring_retention_days: { unit: "days", min: 1, max: 3650 },
  monitoring_interval_seconds: { unit: "s", min: 1, max: 3600 },
  system_pods_initial_delay: { unit: "s", min: 0, max: 86_400 },
  system_pods_timeout: { unit: "s", min: 1, max: 86_400 },
  flannel_network_subnetlen: { unit: "bits", min: 8, max: 30 },
  min_node_count: { unit: "nodes", min: 0, max: 10_000 },
  max_node_count: { unit: "nodes", min: 1, max: 10_000 },
  audit_log_max_age: { unit: "days", min: 0, max: 36_500 },
  audit_log_max_backup: { unit: "files", min: 0, max: 10_000 },
  audit_log_max_size: { unit: "MiB", min: 1, max: 1_048_576 },
  kube_tag: { kind: "version" },
  ingress_controller: { values: ["", "traefik", "nginx", "octavia"] },
  auto_healing_controller: { values: ["draino", "magnum-auto-healer"] },
  octavia_lb_algorithm: {
    values: ["ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT"],
  },
  swarm_strategy: { values: ["spread", "binpack", "random"] },
  rexray_preempt: { values: ["true", "false"] },
  mesos_slave_executor_env_variables: { kind: "json" },
  service_cluster_ip_range: { kind: "cidr" },
  master_lb_allowed_cidrs: { kind: "cidrs" },
  api_master_lb_allowed_cidrs: { kind: "cidrs" },
};

const BY_NAME: readonly (readonly [RegExp, LabelKind])[] = [
  [/_(cidr|ipv4pool)$/, "cidr"],
  [/_url$/, "url"],
  [/_sha256$/, "sha256"],
];

/** Adds to a label's facts what its name says. */
export function refined(name: string, facts: LabelFacts): LabelFacts {
  const named = facts.kind === "text" ? BY_NAME.find(([pattern]) => pattern.test(name))?.[1] : undefined;
  return { ...facts, ...(named !== undefined && { kind: named }), ...REFINEMENTS[name] };
}
