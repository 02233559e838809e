import { keptOver, SENT } from "./kept";
import { type PatternPromise, verdict } from "./promise";

export const restart: PatternPromise = {
  id: "restart",
  text: "notifications outlive the restart of the member that took them",
  patterns: ["notification"],
  judge: async (subject) => {
    const [member] = subject.members;
    if (member === undefined) return { outcome: "not tried", evidence: "no way to stop and start a member was given" };
    const { taken, got } = await keptOver(subject, async () => {
      await member.stop();
      await member.start();
    });
    return verdict(got === taken && taken === SENT, `${member.name} stopped and started: ${got} of ${taken} came`);
  },
};
