import { listen, reach, send, until, using } from "./actors";
import { type PatternPromise, verdict } from "./promise";

const SENDERS = 2;
const MESSAGES = 100;
const PATIENCE = 20_000;

export const orderPerSender: PatternPromise = {
  id: "order",
  text: "what one sender sends arrives in that order",
  patterns: ["cast", "fanout", "notification"],
  judge: (subject) =>
    using(async (open) => {
      const topic = subject.topic();
      const listener = await open(listen(subject, topic));
      const clients = await Promise.all(
        Array.from({ length: SENDERS }, () =>
          open(subject.transport.connect(oneEndpoint(subject.transport.direct, subject))),
        ),
      );
      for (const client of clients) await reach(subject, client, topic, [listener]);
      // Not one after the other: many are under way at a time.
      const sent = clients.flatMap((client, sender) =>
        Array.from({ length: MESSAGES }, (_, at) => send(subject, client, topic, [sender + 1, at])),
      );
      await Promise.all(sent);
      await until(() => listener.seen.distinct >= SENDERS * MESSAGES, PATIENCE);
      const { distinct, disordered } = listener.seen;
      return verdict(
        distinct === SENDERS * MESSAGES && disordered === 0,
        `${distinct} of ${SENDERS * MESSAGES} messages of ${SENDERS} senders came, ${disordered} after a later one`,
      );
    }),
};

/** Order is of one sender and one server: where servers are addressed themselves, only the first is. */
function oneEndpoint(direct: boolean, { target }: Parameters<PatternPromise["judge"]>[0]) {
  return direct ? { ...target, endpoints: target.endpoints.slice(0, 1) } : target;
}
