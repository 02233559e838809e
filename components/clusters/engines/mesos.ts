import { heatLabels } from "../labels/heat";
import { magnumOf } from "../magnum";
import { type Engine, oddMasters, type RuleFinding, type RuleInput } from "./engine";
import { ONLY_KUBERNETES } from "./swarm";

/** Source: magnum/api/attr_validator.py of 13.x. */
const ISOLATION = [
  "filesystem/posix",
  "filesystem/linux",
  "filesystem/shared",
  "posix/cpu",
  "posix/mem",
  "posix/disk",
  "cgroups/cpu",
  "cgroups/mem",
  "docker/runtime",
  "namespaces/pid",
];
const IMAGE_PROVIDERS = ["docker", "appc"];

/** Mesos with Marathon. Magnum's API refuses it since 14.0.0 (yoga); the driver's code stayed until 15.x. */
export const mesos: Engine = {
  name: "mesos",
  title: "Mesos",
  client: "marathon",
  drivers: [
    {
      name: "mesos_ubuntu_v1",
      orchestration: "heat",
      distros: ["ubuntu"],
      serverTypes: ["vm"],
      since: "rocky",
      until: "xena",
      addOn: false,
      networkDrivers: ["docker"],
      volumeDrivers: ["rexray"],
      limits: ONLY_KUBERNETES,
      ignores: {
        dockerVolumeSize: "The nodes' disks hold the images.",
        dockerStorageDriver: "The image's Docker decides.",
        registryEnabled: "Use a registry outside.",
        insecureRegistry: "Use a registry with a certificate.",
        tlsDisabled: "It makes no difference to Mesos.",
        apiserverPort: "None of Magnum's drivers reads it; Marathon is on 8080.",
      },
      labels: heatLabels("mesos_ubuntu_v1"),
      source: "magnum/drivers/mesos_ubuntu_v1",
    },
  ],
  api: (release) => magnumOf(release).engines["mesos"],
  instead: 'Take "kubernetes".',
  mastersProblem: oddMasters,
  rules,
};

function rules({ labels }: RuleInput): RuleFinding[] {
  const isolation = split(labels["mesos_slave_isolation"]);
  const providers = split(labels["mesos_slave_image_providers"]).map((provider) => provider.toLowerCase());
  return [
    ...unknown("labels.mesos_slave_isolation", isolation, ISOLATION),
    ...unknown("labels.mesos_slave_image_providers", providers, IMAGE_PROVIDERS),
    ...(providers.includes("docker") && !isolation.includes("docker/runtime")
      ? [
          {
            subject: "labels.mesos_slave_image_providers",
            problem: "has docker, which needs `docker/runtime` in `mesos_slave_isolation`",
          },
        ]
      : []),
  ];
}

function split(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(",");
}

function unknown(subject: string, given: readonly string[], known: readonly string[]): RuleFinding[] {
  const wrong = given.filter((value) => !known.includes(value));
  return wrong.length === 0 ? [] : [{ subject, problem: `has ${wrong.join(", ")}; allowed are ${known.join(", ")}` }];
}
