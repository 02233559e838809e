import * as pulumi from "@pulumi/pulumi";

/** A server that has just been created in an update. */
export interface NewServer {
  hostName: string;
  /** Id in Nova. */
  serverId: string;
}

/**
 * What an update waits for after it has made a server, before it touches the next one. Not called in previews, and not
 * for servers that stay. A rejection ends the update: the servers that are left stay as they are.
 */
export interface Rollout {
  rejoined(server: NewServer): Promise<void>;
}

/** Hooks that tie a server's creation to its rollout. */
export function healthHooks(name: string, hostName: string, rollout: Rollout): pulumi.ResourceHookBinding {
  const hook = new pulumi.ResourceHook(`${name}-rejoined`, async (event) => {
    const { id } = (event.newOutputs ?? {}) as { id?: string };
    await rollout.rejoined({ hostName, serverId: id ?? event.id });
  });
  return { afterCreate: [hook] };
}
