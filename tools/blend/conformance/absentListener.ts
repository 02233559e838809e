import { setTimeout as sleep } from "node:timers/promises";

import { keptOver, SENT } from "./kept";
import { type PatternPromise, verdict } from "./promise";

export const absentListener: PatternPromise = {
  id: "absent listener",
  text: "notifications wait for a listener that comes later",
  patterns: ["notification"],
  judge: async (subject) => {
    const { taken, got } = await keptOver(subject, () => sleep(1_000));
    return verdict(
      taken === SENT && got === SENT,
      `${taken} of ${SENT} sent without a listener, ${got} came to a later one`,
    );
  },
};
