import { type HostPlan, renderCloudConfig } from "../compute/cloudInit";
import type { BrokerClusterPlan } from "./brokerPlan";
import type { RouterPlan } from "./meshPlan";
import type { Placement } from "./placement";
import {
  type BrokerUser,
  RABBITMQ_DIR,
  renderDefinitions,
  renderInterNodeTls,
  renderRabbitmqConf,
  renderRabbitmqEnv,
} from "./rabbitmq";
import { renderRouterConfig, renderRouterStart, renderSaslConfig, ROUTER_DIR } from "./skupperRouter";

/** A server's own certificate and the authority that its peers are checked against, as PEM. */
export interface TlsMaterial {
  caPem: string;
  certPem: string;
  keyPem: string;
}

/** The user that RabbitMQ's image runs as. */
const RABBITMQ_UID = 999;
/** The user that skupper-router's image runs as. */
const ROUTER_UID = 10000;

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
  const data = "/var/lib/rabbitmq";
  const host: HostPlan = {
    hostName: input.member.hostName,
    hosts: input.plan.hosts,
    dataMount: data,
    copies: [{ from: `${RABBITMQ_DIR}/erlang.cookie`, to: `${data}/.erlang.cookie` }],
    files: [
      { path: `${RABBITMQ_DIR}/rabbitmq.conf`, content: renderRabbitmqConf(input.plan) },
      { path: `${RABBITMQ_DIR}/rabbitmq-env.conf`, content: renderRabbitmqEnv(input.member.hostName) },
      { path: `${RABBITMQ_DIR}/inter_node_tls.config`, content: renderInterNodeTls() },
      { path: `${RABBITMQ_DIR}/enabled_plugins`, content: "[rabbitmq_management_agent,rabbitmq_prometheus].\n" },
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
  return renderCloudConfig(host);
}

export interface RouterHostInput {
  router: RouterPlan;
  image: string;
  tls: TlsMaterial;
  users: readonly BrokerUser[];
}

/** User data of one skupper-router server. */
export function routerUserData(input: RouterHostInput): string {
  const host: HostPlan = {
    hostName: input.router.hostName,
    hosts: [input.router, ...input.router.links].map(({ hostName, address }) => ({ hostName, address })),
    files: [
      { path: `${ROUTER_DIR}/router.json`, content: renderRouterConfig(input.router) },
      { path: `${ROUTER_DIR}/start.sh`, content: renderRouterStart(), mode: "0755" },
      { path: `${ROUTER_DIR}/sasl/skrouterd.conf`, content: renderSaslConfig() },
      {
        path: `${ROUTER_DIR}/users`,
        content: input.users.map((u) => `${u.name}:${u.password}\n`).join(""),
        mode: "0400",
      },
      ...tlsFiles(ROUTER_DIR, input.tls),
    ],
    ownedDirectories: [ROUTER_DIR],
    container: {
      name: "skupper-router",
      description: "AMQP 1.0 dispatch router",
      image: input.image,
      uid: ROUTER_UID,
      volumes: [`${ROUTER_DIR}:${ROUTER_DIR}:ro`],
      exec: `${ROUTER_DIR}/start.sh`,
    },
  };
  return renderCloudConfig(host);
}

function tlsFiles(directory: string, tls: TlsMaterial) {
  return [
    { path: `${directory}/tls/ca.pem`, content: tls.caPem },
    { path: `${directory}/tls/cert.pem`, content: tls.certPem },
    { path: `${directory}/tls/key.pem`, content: tls.keyPem, mode: "0400" },
  ];
}
