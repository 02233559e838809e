import { type HostPlan, renderCloudConfig } from "../../../compute/cloudInit";
import type { Placement } from "../../servers/placement";
import { tlsFiles, type TlsMaterial } from "../../servers/tls";
import type { BrokerClusterPlan } from "../plan";
import {
  type BrokerUser,
  RABBITMQ_DIR,
  renderDefinitions,
  renderEnabledPlugins,
  renderInterNodeTls,
  renderRabbitmqConf,
  renderRabbitmqEnv,
} from "./config";
import { findRabbitmqVersion } from "./version";

/** The user that RabbitMQ's image runs as. */
const RABBITMQ_UID = 999;

export interface BrokerHostInput {
  plan: BrokerClusterPlan;
  member: Placement;
  image: string;
  tls: TlsMaterial;
  /** Shared secret of the Erlang nodes. */
  cookie: string;
  vhost: string;
  users: readonly BrokerUser[];
}

/** User data of one RabbitMQ server. */
export function brokerUserData(input: BrokerHostInput): string {
  return renderCloudConfig(brokerHost(input));
}

/** What one RabbitMQ server runs. */
export function brokerHost(input: BrokerHostInput): HostPlan {
  const data = "/var/lib/rabbitmq";
  const version = findRabbitmqVersion(input.image);
  return {
    hostName: input.member.hostName,
    hosts: input.plan.hosts,
    dataMount: data,
    copies: [{ from: `${RABBITMQ_DIR}/erlang.cookie`, to: `${data}/.erlang.cookie` }],
    files: [
      { path: `${RABBITMQ_DIR}/rabbitmq.conf`, content: renderRabbitmqConf(input.plan, version) },
      { path: `${RABBITMQ_DIR}/rabbitmq-env.conf`, content: renderRabbitmqEnv(input.member.hostName) },
      { path: `${RABBITMQ_DIR}/inter_node_tls.config`, content: renderInterNodeTls() },
      { path: `${RABBITMQ_DIR}/enabled_plugins`, content: renderEnabledPlugins(version) },
      { path: `${RABBITMQ_DIR}/definitions.json`, content: renderDefinitions(input.vhost, input.users), mode: "0400" },
      { path: `${RABBITMQ_DIR}/erlang.cookie`, content: input.cookie, mode: "0400" },
      ...tlsFiles(RABBITMQ_DIR, input.tls),
    ],
    ownedDirectories: [RABBITMQ_DIR, data],
    container: {
      name: "rabbitmq",
      description: "RabbitMQ broker",
      image: input.image,
      uid: RABBITMQ_UID,
      volumes: [`${RABBITMQ_DIR}:${RABBITMQ_DIR}:ro`, `${data}:${data}`],
    },
  };
}
