import { type HostFile, type HostPlan, renderCloudConfig } from "../../../compute/cloudInit";
import { PORTS } from "../../servers/ports";
import { tlsFiles } from "../../servers/tls";
import { type BrokerHostInput, memberOpenings } from "../software";
import { RABBITMQ_DATA, renderBrokerCheck, renderSeedWait } from "./check";
import {
  RABBITMQ_DIR,
  renderDefinitions,
  renderEnabledPlugins,
  renderInterNodeTls,
  renderRabbitmqConf,
  renderRabbitmqEnv,
} from "./config";
import { renderMembershipScript } from "./membership";
import { RABBITMQ_PORTS } from "./ports";
import {
  DEFAULT_RABBITMQ,
  findRabbitmqVersion,
  OLDEST_RABBITMQ,
  parseRabbitmqVersion,
  type RabbitmqVersion,
} from "./version";

/** The user that RabbitMQ's image runs as. */
const RABBITMQ_UID = 999;

/** Debian's package of RabbitMQ. */
const PACKAGE = { packages: ["rabbitmq-server"], unit: "rabbitmq-server", user: "rabbitmq" } as const;

/** Seconds between two looks at the cluster's members. */
const MEMBERS_EVERY = 60;

export interface RabbitmqHostInput extends Omit<BrokerHostInput, "secret"> {
  /** Shared secret of the Erlang nodes. */
  cookie: string;
}

/** User data of one RabbitMQ server. */
export function brokerUserData(input: RabbitmqHostInput): string {
  return renderCloudConfig(brokerHost(input), input.settings);
}

/** What one RabbitMQ server runs. */
export function brokerHost(input: RabbitmqHostInput): HostPlan {
  const { hostName } = input.member;
  const seed = input.plan.members[0]?.hostName ?? hostName;
  const packaged = input.settings?.install === "package";
  const tools = packaged ? [] : ["podman", "exec", `--user=${RABBITMQ_UID}`, "rabbitmq"];
  return {
    hostName,
    hosts: input.plan.hosts,
    dataMount: RABBITMQ_DATA,
    copies: [{ from: `${RABBITMQ_DIR}/erlang.cookie`, to: `${RABBITMQ_DATA}/.erlang.cookie` }],
    files: brokerFiles(input, packaged),
    ownedDirectories: [RABBITMQ_DIR, RABBITMQ_DATA],
    container: {
      name: "rabbitmq",
      description: "RabbitMQ broker",
      image: input.image,
      uid: RABBITMQ_UID,
      volumes: [`${RABBITMQ_DIR}:${RABBITMQ_DIR}:ro`, `${RABBITMQ_DATA}:${RABBITMQ_DATA}`],
    },
    ...(packaged ? { package: PACKAGE } : {}),
    ...(hostName === seed ? {} : { preStart: renderSeedWait(hostName, seed) }),
    health: {
      role: "broker",
      check: renderBrokerCheck({ hostName, seed, unit: packaged ? PACKAGE.unit : "rabbitmq", tools }),
    },
    jobs: [
      {
        name: "fabric-members",
        description: "Keeps the cluster at its wanted members",
        script: renderMembershipScript({ through: tools }),
        every: MEMBERS_EVERY,
      },
    ],
    // Monitoring comes from where the security groups let it come.
    openings: [{ port: PORTS.rabbitPrometheus }, ...memberOpenings(input.plan, RABBITMQ_PORTS)],
  };
}

function brokerFiles(input: RabbitmqHostInput, packaged: boolean): HostFile[] {
  const { hostName } = input.member;
  const version = versionOf(input, packaged);
  return [
    { path: `${RABBITMQ_DIR}/rabbitmq.conf`, content: renderRabbitmqConf(input.plan, version, hostName) },
    { path: `${RABBITMQ_DIR}/rabbitmq-env.conf`, content: renderRabbitmqEnv(hostName) },
    { path: `${RABBITMQ_DIR}/inter_node_tls.config`, content: renderInterNodeTls() },
    { path: `${RABBITMQ_DIR}/enabled_plugins`, content: renderEnabledPlugins(version) },
    {
      path: `${RABBITMQ_DIR}/definitions.json`,
      content: renderDefinitions(input.vhost, input.users, version),
      mode: "0400",
    },
    { path: `${RABBITMQ_DIR}/erlang.cookie`, content: input.cookie, mode: "0400" },
    ...tlsFiles(RABBITMQ_DIR, input.tls),
  ];
}

/** The version decides what the configuration may say: a broker does not start with a key that it does not know. */
function versionOf({ image, packageVersion }: RabbitmqHostInput, packaged: boolean): RabbitmqVersion {
  if (!packaged) return findRabbitmqVersion(image) ?? DEFAULT_RABBITMQ;
  if (packageVersion === undefined) return OLDEST_RABBITMQ;
  return parseRabbitmqVersion(packageVersion, "messaging.broker.packageVersion");
}
