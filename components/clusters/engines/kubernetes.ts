import type { DriverFacts } from "../drivers";
import type { Limit } from "../features";
import { CAPI_HELM_LABELS, CLUSTER_API_LABELS } from "../labels/clusterApi";
import { heatLabels } from "../labels/heat";
import { magnumOf } from "../magnum";
import { type Engine, oddMasters, type RuleFinding, type RuleInput } from "./engine";

const ANOTHER_CLUSTER = "Make a second cluster of the new template, move the work, and remove the first.";

const fixedMasters: Limit = {
  reason: "Magnum's base driver refuses to resize masters (drivers/common/driver.py, validate_master_resize)",
  instead: "Make the cluster with as many masters as it will need, or move to a new one.",
};
const noCredentialRotation: Limit = {
  reason: "the driver has no rotate_credential (drivers/common/driver.py raises NotImplementedError)",
  instead: "Make a new cluster with the new credential and move the work.",
};

const NO_PORT = "None of Magnum's drivers reads it; the API is on 6443.";

/** Limits of all drivers on Heat. */
const HEAT: DriverFacts["limits"] = {
  masterResize: fixedMasters,
  credentialRotation: noCredentialRotation,
  upgrade: {
    since: "2024.1",
    reason: "Magnum 18.0.0 took in-place upgrades out of its Heat driver (drivers/heat/driver.py, upgrade_cluster)",
    instead: ANOTHER_CLUSTER,
  },
};

const noGroups: Limit = {
  reason: "the driver does not give node groups stacks of their own (get_nodegroup_extra_params is Fedora's only)",
  instead: "Take an image with `os_distro` fedora-coreos.",
};
const noUpgrade: Limit = { reason: "the driver has no upgrade_cluster", instead: ANOTHER_CLUSTER };
const onlyFcosRotates: Limit = {
  reason: "certificates are rotated on fedora-coreos only (drivers/heat/driver.py, rotate_ca_certificate)",
  instead: "Take an image with `os_distro` fedora-coreos, or make a new cluster.",
};

const heat = (
  facts: Pick<DriverFacts, "name" | "distros" | "serverTypes" | "since" | "limits"> & Partial<DriverFacts>,
): DriverFacts => ({
  orchestration: "heat",
  addOn: false,
  networkDrivers: ["flannel", "calico"],
  volumeDrivers: ["cinder"],
  ignores: { apiserverPort: NO_PORT },
  // drivers/heat/driver.py, FedoraKubernetesDriver, while it had an upgrade.
  upgradeLabels: ["kube_tag", "ostree_remote", "ostree_commit"],
  labels: heatLabels(facts.name),
  source: `magnum/drivers/${facts.name}`,
  ...facts,
});

const FEDORA_COREOS = heat({
  name: "k8s_fedora_coreos_v1",
  distros: ["fedora-coreos"],
  serverTypes: ["vm"],
  since: "train",
  until: "2026.1",
  limits: {
    ...HEAT,
    caRotation: {
      until: "victoria",
      reason: "rotate_ca_certificate came with Magnum 12 (wallaby)",
      instead: ANOTHER_CLUSTER,
    },
  },
});

const FEDORA_ATOMIC = heat({
  name: "k8s_fedora_atomic_v1",
  distros: ["fedora-atomic"],
  serverTypes: ["vm"],
  since: "rocky",
  until: "2023.2",
  limits: { ...HEAT, caRotation: onlyFcosRotates },
});

const COREOS = heat({
  name: "k8s_coreos_v1",
  distros: ["coreos"],
  serverTypes: ["vm"],
  since: "rocky",
  until: "2023.2",
  limits: { ...HEAT, nodeGroups: noGroups, upgrade: noUpgrade, caRotation: onlyFcosRotates },
});

const FEDORA_IRONIC = heat({
  name: "k8s_fedora_ironic_v1",
  distros: ["fedora"],
  serverTypes: ["bm"],
  since: "rocky",
  until: "2023.2",
  limits: { ...HEAT, nodeGroups: noGroups, upgrade: noUpgrade, caRotation: onlyFcosRotates },
});

const noCaRotation: Limit = {
  reason: "the driver has no rotate_ca_certificate",
  instead: "Make a new cluster and move the work.",
};

/** What no driver on Cluster API looks at. */
const CLUSTER_API_IGNORES: DriverFacts["ignores"] = {
  dockerStorageDriver: "The image's containerd decides.",
  volumeDriver: "Cinder's CSI driver is always there.",
  registryEnabled: "Use a registry outside, such as by label `container_infra_prefix`.",
  insecureRegistry: "Use a registry with a certificate.",
  tlsDisabled: "Cluster API knows no API without TLS.",
  apiserverPort: NO_PORT,
  floatingIps: "Nodes get no addresses of their own; the API's is label `master_lb_floating_ip_enabled`.",
};

const CLUSTER_API: DriverFacts = {
  name: "magnum-cluster-api",
  orchestration: "cluster-api",
  distros: ["ubuntu", "ubuntu-focal", "debian", "flatcar", "rockylinux"],
  serverTypes: ["vm"],
  since: "zed",
  addOn: true,
  networkDrivers: ["calico", "cilium"],
  volumeDrivers: ["cinder"],
  limits: { credentialRotation: noCredentialRotation, caRotation: noCaRotation },
  ignores: CLUSTER_API_IGNORES,
  upgradeLabels: ["kube_tag"],
  labels: () => CLUSTER_API_LABELS,
  source: "magnum-cluster-api 0.38.2 (Requires-Dist: magnum>=15.0.0)",
};

const CAPI_HELM: DriverFacts = {
  name: "magnum-capi-helm",
  orchestration: "cluster-api",
  distros: ["ubuntu", "flatcar"],
  serverTypes: ["vm"],
  since: "2023.1",
  addOn: true,
  networkDrivers: ["calico", "cilium"],
  volumeDrivers: ["cinder"],
  limits: { caRotation: noCaRotation },
  ignores: { ...CLUSTER_API_IGNORES, dockerVolumeSize: "Make the root volume larger: label `boot_volume_size`." },
  labels: () => CAPI_HELM_LABELS,
  source: "magnum-capi-helm 1.4.0",
};

/** Kubernetes: the engine that lives. */
export const kubernetes: Engine = {
  name: "kubernetes",
  title: "Kubernetes",
  client: "kubeconfig",
  drivers: [FEDORA_COREOS, FEDORA_ATOMIC, CLUSTER_API, CAPI_HELM, COREOS, FEDORA_IRONIC],
  api: (release) => magnumOf(release).engines["kubernetes"],
  instead: "Give the driver that the cloud has in `clusters.site.drivers`.",
  mastersProblem: oddMasters,
  rules: (input) => [...cloudProvider(input), ...scaling(input), ...ovn(input)],
};

/** drivers/heat/k8s_fedora_template_def.py: Cinder's volumes need the cloud provider. */
function cloudProvider({ driver, volumeDriver, labels }: RuleInput): RuleFinding[] {
  const off = labels["cloud_provider_enabled"] === "false";
  if (driver.orchestration !== "heat" || !off || volumeDriver !== "cinder") return [];
  return [
    {
      subject: "labels.cloud_provider_enabled",
      problem:
        'is false, but `volumeDriver: cinder` needs the cloud provider. Set it to "true", or leave the volume driver out',
    },
  ];
}

function scaling({ labels }: RuleInput): RuleFinding[] {
  const [min, max] = [labels["min_node_count"], labels["max_node_count"]];
  if (min === undefined || max === undefined || Number(min) <= Number(max)) return [];
  return [{ subject: "labels.min_node_count", problem: `is ${min}, more than \`max_node_count\`, ${max}` }];
}

/** Octavia's ovn provider has one algorithm; magnum-cluster-api refuses others. */
function ovn({ labels }: RuleInput): RuleFinding[] {
  const algorithm = labels["octavia_lb_algorithm"];
  if (labels["octavia_provider"] !== "ovn" || algorithm === undefined || algorithm === "SOURCE_IP_PORT") return [];
  return [
    {
      subject: "labels.octavia_lb_algorithm",
      problem: `must be SOURCE_IP_PORT with \`octavia_provider: ovn\`, got "${algorithm}"`,
    },
  ];
}
