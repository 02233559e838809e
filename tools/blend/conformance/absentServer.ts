import { now } from "../stats/clock";
import { SendError } from "../transports/transport";
import { send, using } from "./actors";
import { type PatternPromise, verdict } from "./promise";

/** The call's own time, in milliseconds, and what a busy machine may add to it. */
const TIMEOUT = 1_000;
const GRACE = 500;

export const absentServer: PatternPromise = {
  id: "absent server",
  text: "a call that nobody serves fails within its own timeout",
  patterns: ["call"],
  judge: (subject) =>
    using(async (open) => {
      const client = await open(subject.transport.connect(subject.target));
      const began = now();
      const failed = await send(subject, client, subject.topic(), [1, 0], { timeoutMs: TIMEOUT }).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
      const took = now() - began;
      if (failed === undefined) return verdict(false, "the call was answered although nobody serves");
      const kind = failed instanceof SendError ? failed.kind : failed.message;
      return verdict(
        failed instanceof SendError && took <= TIMEOUT + GRACE,
        `failed (${kind}) after ${took.toFixed(0)} ms; its timeout was ${TIMEOUT} ms`,
      );
    }),
};
