import { type HostPlan, renderCloudConfig } from "../../compute/cloudInit";
import type { BrokerUser } from "../brokers/rabbitmq/config";
import { tlsFiles, type TlsMaterial } from "../servers/tls";
import { renderRouterConfig, renderRouterStart, renderSaslConfig, ROUTER_DIR } from "./config";
import type { RouterPlan } from "./plan";

/** The user that skupper-router's image runs as. */
const ROUTER_UID = 10000;

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
