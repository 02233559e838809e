import { UserError } from "../../errors";
import { compareReleases, type Release } from "../../releases";

/** `vanilla`: everything on the broker. `hybrid`: RPC on the router mesh, notifications on the broker. */
export const MESSAGING_MODES = ["vanilla", "hybrid"] as const;
export type MessagingMode = (typeof MESSAGING_MODES)[number];

/** The last release whose oslo.messaging (14.9) has the AMQP 1.0 driver; 15.0.0 (2025.1) removed it. */
export const LAST_AMQP1_RELEASE: Release = "2024.2";

/** The first release whose oslo.messaging (12.13.0) has `rabbit_quorum_queue`. */
export const FIRST_QUORUM_RELEASE: Release = "yoga";

/** Refuses a mode that the consuming services' release cannot use. */
export function checkMode(mode: MessagingMode, release: Release): void {
  if (mode === "hybrid" && compareReleases(release, LAST_AMQP1_RELEASE) > 0) {
    throw new UserError(
      `\`messaging.mode\` "hybrid" needs oslo.messaging's AMQP 1.0 driver, which ${release} no longer has ` +
        `(last in ${LAST_AMQP1_RELEASE}, removed in oslo.messaging 15.0.0). ` +
        `Take "vanilla", or set \`messaging.release\` to the release of the services that use this backend.`,
    );
  }
}
