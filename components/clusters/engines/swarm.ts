import type { DriverFacts } from "../drivers";
import type { Limit } from "../features";
import { heatLabels } from "../labels/heat";
import { magnumOf } from "../magnum";
import { type Engine, oddMasters } from "./engine";

const KUBERNETES = 'Take engine "kubernetes".';
const limit = (reason: string, instead = KUBERNETES): Limit => ({ reason, instead });

/** What no engine but Kubernetes has. */
export const ONLY_KUBERNETES: DriverFacts["limits"] = {
  masterResize: limit("Magnum's base driver refuses to resize masters"),
  nodeGroups: limit("only Kubernetes on Fedora has stacks for node groups (get_nodegroup_extra_params)"),
  nodeGroupLabels: limit("the engine has no node groups"),
  upgrade: limit("the driver's upgrade_cluster raises NotImplementedError"),
  caRotation: limit("certificates are rotated on Kubernetes only"),
  credentialRotation: limit("the driver has no rotate_credential"),
  autoScaling: limit("Magnum scales Kubernetes only", "Change `nodes`: it is in place."),
  autoHealing: limit("Magnum heals Kubernetes only"),
  keystoneAuth: limit("only Kubernetes has Keystone's webhook", "Hand out certificates that the cluster's CA signs."),
};

const IGNORES: DriverFacts["ignores"] = {
  insecureRegistry: "Use a registry with a certificate.",
  apiserverPort: "None of Magnum's drivers reads it; the API is on 2376.",
};

const swarmDriver = (name: DriverFacts["name"], ignores = IGNORES): DriverFacts => ({
  name,
  orchestration: "heat",
  distros: ["fedora-atomic"],
  serverTypes: ["vm"],
  since: "rocky",
  until: "2023.2",
  addOn: false,
  networkDrivers: ["docker", "flannel"],
  volumeDrivers: ["rexray"],
  limits: ONLY_KUBERNETES,
  ignores,
  labels: heatLabels(name),
  source: `magnum/drivers/${name}`,
});

/**
 * Docker Swarm as it was before Docker had it built in. Its Heat template makes as many masters as asked for
 * (templates/cluster.yaml, number_of_masters).
 */
export const swarm: Engine = {
  name: "swarm",
  title: "Docker Swarm (legacy)",
  client: "docker",
  drivers: [swarmDriver("swarm_fedora_atomic_v1")],
  api: (release) => magnumOf(release).engines["swarm"],
  instead: 'Take "kubernetes".',
  mastersProblem: oddMasters,
  rules: () => [],
};

/** Docker's swarm mode: one primary master, and the others join it. */
export const swarmMode: Engine = {
  ...swarm,
  name: "swarm-mode",
  title: "Docker Swarm mode",
  drivers: [swarmDriver("swarm_fedora_atomic_v2", { ...IGNORES, registryEnabled: "Use a registry outside." })],
  api: (release) => magnumOf(release).engines["swarm-mode"],
};
