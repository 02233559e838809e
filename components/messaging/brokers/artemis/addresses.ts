/** The role of the services' users. */
export const SERVICE_ROLE = "services";

/** Milliseconds that an RPC message waits for a server when its sender has set no limit of its own, as casts have none. */
const RPC_EXPIRY = 60_000;
/** Milliseconds without consumers and messages after which an address that was made by use is removed. */
const AUTO_DELETE = 600_000;

/**
 * How addresses behave. oslo.messaging's AMQP 1.0 driver takes routable addresses with Artemis (it takes the dotted
 * legacy ones only with brokers that do not say what they are, or when told to). Source: `amqp1_driver/addressing.py` of
 * oslo.messaging 14.9.3.
 */
export function addressSettings() {
  const anycast = routing("ANYCAST");
  const multicast = routing("MULTICAST");
  const rpc = { "expiry-delay": RPC_EXPIRY };
  return [
    // The broker's own default is MULTICAST, where a message without a subscriber is dropped at once.
    setting("#", { ...anycast, ...lifetime() }),
    setting("openstack.org/om/rpc/#", { ...anycast, ...rpc, ...lifetime() }),
    setting("openstack.org/om/rpc/multicast/#", { ...multicast, ...rpc, ...lifetime() }),
    setting("openstack.org/om/notify/#", { ...anycast, ...kept() }),
    setting("exclusive.*", { ...anycast, ...rpc, ...lifetime() }),
    setting("broadcast.*", { ...multicast, ...rpc, ...lifetime() }),
    // Legacy addresses do not tell RPC from notifications: what may be a notification is kept.
    setting("unicast.*", { ...anycast, ...kept() }),
  ];
}

/** Services use every address but the broker's own; only the members' user, who needs no role, manages the broker. */
export function securitySettings() {
  const all = ["createNonDurableQueue", "deleteNonDurableQueue", "createDurableQueue", "deleteDurableQueue"];
  const use = [...all, "createAddress", "deleteAddress", "consume", "browse", "send"];
  return [
    { "@match": "#", permission: use.map((type) => ({ "@type": type, "@roles": SERVICE_ROLE })) },
    { "@match": "activemq.*", permission: [{ "@type": "manage", "@roles": "nobody" }] },
  ];
}

function setting(match: string, values: Readonly<Record<string, string | number | boolean>>) {
  return { "@match": match, ...values };
}

function routing(type: "ANYCAST" | "MULTICAST") {
  return { "default-address-routing-type": type, "default-queue-routing-type": type };
}

function common() {
  return {
    "auto-create-queues": true,
    "auto-create-addresses": true,
    // Follow consumers to other members at once.
    "redistribution-delay": 0,
    // To disk beyond this, instead of refusing.
    "address-full-policy": "PAGE",
    "max-delivery-attempts": -1,
  };
}

function lifetime() {
  return {
    ...common(),
    "auto-delete-queues": true,
    "auto-delete-queues-delay": AUTO_DELETE,
    "auto-delete-addresses": true,
    "auto-delete-addresses-delay": AUTO_DELETE,
  };
}

/** Queues that stay, with all that they hold, until someone listens. */
function kept() {
  return { ...common(), "auto-delete-queues": false, "auto-delete-addresses": false };
}
