import { refined } from "../labels/kinds";
import type { LabelFacts, LabelTable } from "../labels/label";
import type { EngineApi } from "../magnum";
import { type Engine, oddMasters } from "./engine";
import { ONLY_KUBERNETES } from "./swarm";

/** Magnum's own API has no rules for DC/OS; a site that has it added some like those of Mesos. */
const API: EngineApi = { networkDrivers: ["docker"], volumeDrivers: ["rexray"], serverTypes: ["vm"] };

const text = (meaning: string, fallback?: string): LabelFacts => ({
  kind: "text",
  meaning,
  ...(fallback && { fallback }),
});
const choice = (meaning: string, fallback?: string): LabelFacts => ({ ...text(meaning, fallback), kind: "boolean" });

/**
 * Source: contrib/drivers/heat/dcos_centos_template_def.py and dcoscluster.yaml of Magnum 11.2.1. Its labels with keys
 * of AWS and Azure are left out: whoever reads a template reads its labels.
 */
const LABELS: LabelTable = {
  rexray_preempt: refined("rexray_preempt", text("whether a host may take a volume that another uses", "false")),
  exhibitor_storage_backend: text("where Exhibitor keeps its state", "static"),
  exhibitor_zk_hosts: text("ZooKeepers, for that back end"),
  exhibitor_zk_path: text("path in ZooKeeper"),
  dcos_overlay_enable: choice("whether containers have an overlay network"),
  dcos_overlay_config_attempts: { kind: "number", min: 1, max: 100, meaning: "attempts to configure the overlay" },
  dcos_overlay_mtu: { kind: "number", unit: "bytes", min: 576, max: 9216, meaning: "MTU of the overlay" },
  dcos_overlay_network: { kind: "json", meaning: "overlays: vtep_subnet, vtep_mac_oui, overlays" },
  dns_search: text("DNS search domains"),
  check_time: choice("whether nodes check that time is synchronised", "true"),
  docker_remove_delay: { kind: "number", unit: "h", fallback: "1", meaning: "after which stopped containers go" },
  gc_delay: { kind: "number", unit: "days", fallback: "2", meaning: "after which agents collect garbage" },
  log_directory: text("folder of the installer's logs", "/genconf/logs"),
  process_timeout: { kind: "number", unit: "s", fallback: "120", meaning: "longest time of the installer's commands" },
  oauth_enabled: choice("login by OAuth", "true"),
  telemetry_enabled: choice("whether usage is reported to Mesosphere", "true"),
};

/**
 * DC/OS. Magnum knew the name until 15.x, but its own API never took it: `get_coe_validator` (api/validation.py) has
 * no DC/OS in any release, and the driver lay in contrib/ until 15.x. Only a site that installed both has it.
 */
export const dcos: Engine = {
  name: "dcos",
  title: "DC/OS",
  client: "dcos",
  drivers: [
    {
      name: "dcos_centos_v1",
      orchestration: "heat",
      distros: ["centos"],
      serverTypes: ["vm"],
      since: "rocky",
      until: "zed",
      addOn: true,
      networkDrivers: ["docker"],
      volumeDrivers: ["rexray"],
      limits: ONLY_KUBERNETES,
      ignores: {
        dockerVolumeSize: "The nodes' disks hold the images.",
        dockerStorageDriver: "The image's Docker decides.",
        registryEnabled: "Use a registry outside.",
        insecureRegistry: "Use a registry with a certificate.",
        tlsDisabled: "It makes no difference to DC/OS.",
        apiserverPort: "DC/OS has its own ports.",
      },
      labels: () => LABELS,
      source: "magnum 11.2.1, contrib/drivers/dcos_centos_v1",
    },
  ],
  api: () => API,
  instead: 'Take "kubernetes".',
  mastersProblem: oddMasters,
  rules: () => [],
};
