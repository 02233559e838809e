/**
 * Addresses of oslo.messaging's AMQP 1.0 driver and how each is distributed: multicast reaches all, unicast the
 * closest, anycast is balanced. The first six are the routable form
 * (`<prefix>/<kind>/<exchange>/<topic>`), the others the legacy form of brokers.
 * Source: oslo.messaging 14.9, `_drivers/amqp1_driver/opts.py` and its "AMQP 1.0 Driver Deployment Guide".
 */
export const ADDRESSES: readonly { prefix: string; distribution: "multicast" | "closest" | "balanced" }[] = [
  ...["openstack.org/om/rpc", "openstack.org/om/notify"].flatMap(
    (prefix) =>
      [
        { prefix: `${prefix}/multicast`, distribution: "multicast" },
        { prefix: `${prefix}/unicast`, distribution: "closest" },
        { prefix: `${prefix}/anycast`, distribution: "balanced" },
      ] as const,
  ),
  { prefix: "broadcast", distribution: "multicast" },
  { prefix: "unicast", distribution: "closest" },
  { prefix: "exclusive", distribution: "closest" },
];
