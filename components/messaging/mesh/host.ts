import { type HostPlan, type HostSettings, renderCloudConfig } from "../../compute/cloudInit";
import type { HostOpening } from "../../compute/host/plan";
import type { BrokerUser } from "../brokers/rabbitmq/config";
import { PORTS } from "../servers/ports";
import { tlsFiles, type TlsMaterial } from "../servers/tls";
import { renderRouterCheck } from "./check";
import { renderRouterConfig, renderRouterStart, renderSaslConfig } from "./config";
import { ROUTER_SOFTWARE } from "./implementations";
import type { EdgePlan, RouterPlan } from "./plan";
import type { RouterImplementation } from "./topology";

export interface RouterHostInput {
  router: RouterPlan | EdgePlan;
  implementation: RouterImplementation;
  image: string;
  tls: TlsMaterial;
  users: readonly BrokerUser[];
  /** From where images come, and what goes where. A router is always a container: no distribution packages one. */
  settings?: HostSettings;
}

/** User data of one router's server. */
export function routerUserData(input: RouterHostInput): string {
  return renderCloudConfig(routerHost(input), input.settings);
}

/** What one router's server runs. */
export function routerHost({ router, implementation, image, tls, users }: RouterHostInput): HostPlan {
  const { dir, uid, saslName } = ROUTER_SOFTWARE[implementation];
  const self = router.mode === "interior" ? [router] : [];
  return {
    hostName: router.hostName,
    hosts: [...self, ...router.links].map(({ hostName, address }) => ({ hostName, address })),
    files: [
      { path: `${dir}/router.json`, content: renderRouterConfig(router, implementation) },
      { path: `${dir}/start.sh`, content: renderRouterStart(implementation), mode: "0755" },
      { path: `${dir}/sasl/${saslName}.conf`, content: renderSaslConfig() },
      {
        path: `${dir}/users`,
        content: users.map((u) => `${u.name}:${u.password}\n`).join(""),
        mode: "0400",
      },
      ...tlsFiles(dir, tls),
    ],
    ownedDirectories: [dir],
    container: {
      name: implementation,
      description: "AMQP 1.0 dispatch router",
      image,
      uid,
      volumes: [`${dir}:${dir}:ro`],
      exec: `${dir}/start.sh`,
    },
    health: {
      role: router.mode === "interior" ? "router" : "edge",
      check: renderRouterCheck(router, implementation),
    },
    openings: openings(router),
  };
}

/** The mesh grows without a change to routers that are there, so that peers are told apart by security groups only. */
function openings(router: RouterPlan | EdgePlan): HostOpening[] {
  const mesh = router.mode === "interior" ? [{ port: PORTS.interRouter }, { port: PORTS.edge }] : [];
  return [{ port: PORTS.amqps }, ...mesh];
}
