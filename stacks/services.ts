import * as pulumi from "@pulumi/pulumi";

import type { MessagingBackend } from "../components/messaging/backend/MessagingBackend";
import {
  planRemoteDocument,
  planServiceConfig,
  planServiceNotes,
  type ServiceConfigRequest,
} from "../components/oslo/serviceConfig";
import type { MessagingConfig } from "./config/messaging";
import type { Layer } from "./layer";

/** The services' oslo configuration, as outputs of the messaging layer. */
export function serviceOutputs(
  layer: Layer,
  config: MessagingConfig,
  backend: MessagingBackend,
): Record<string, pulumi.Input<unknown>> {
  const drivers = layer.plan.messaging?.drivers;
  if (drivers === undefined) return {};
  const { services, oslo, release = layer.config.cloud.release } = config;
  const authorities = (ca: string) => authoritiesOf(config, ca);
  const of = <T>(make: (request: ServiceConfigRequest) => T) =>
    pulumi
      .all([backend.rpcTransportUrls, backend.notificationTransportUrls, backend.caPem])
      .apply(([rpc, notify, ca]) =>
        Object.fromEntries(
          services.map((service) => [
            service,
            make({
              service,
              release,
              rpc: { driver: drivers.rpc, url: rpc[service] ?? "", caPem: authorities(ca).rpc },
              notifications: {
                driver: drivers.notifications,
                url: notify[service] ?? "",
                caPem: authorities(ca).notifications,
              },
              settings: oslo,
            }),
          ]),
        ),
      );
  const plain = { rpc: { driver: drivers.rpc }, notifications: { driver: drivers.notifications } };
  return {
    serviceConfig: pulumi.secret(of(planServiceConfig)),
    ...(oslo.delivery.kind === "remote" && { serviceDocuments: pulumi.unsecret(of(planRemoteDocument)) }),
    serviceNotes: services.flatMap((service) => planServiceNotes({ service, release, settings: oslo, ...plain })),
  };
}

/** Who signed what services connect to: the mesh is always ours, brokers may be another's. */
function authoritiesOf(
  { mode, broker }: MessagingConfig,
  ours: string,
): Record<"rpc" | "notifications", string | undefined> {
  const brokers = broker.external ? broker.external.caPem : ours;
  return { rpc: mode === "hybrid" ? ours : brokers, notifications: brokers };
}
