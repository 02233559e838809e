import { keptOver, SENT } from "./kept";
import { type PatternPromise, verdict } from "./promise";

export const crash: PatternPromise = {
  id: "crash",
  text: "notifications outlive `kill -9` of all members at once",
  patterns: ["notification"],
  judge: async (subject) => {
    const { members } = subject;
    if (members.length === 0) return { outcome: "not tried", evidence: "no way to kill and start members was given" };
    const { taken, got } = await keptOver(subject, async () => {
      await Promise.all(members.map((member) => member.crash()));
      await Promise.all(members.map((member) => member.start()));
    });
    return verdict(
      got === taken && taken === SENT,
      `${members.length} member(s) killed and started: ${got} of ${taken} came`,
    );
  },
};
