import { UserError } from "../../../components/errors";
import { amqp091 } from "./amqp091";
import { amqp10 } from "./amqp10";
import { kafka } from "./kafka";
import { simulated } from "./simulated";
import type { Copies, PatternName, Target, Transport } from "./transport";
import { zeromq } from "./zeromq";

const TRANSPORTS: Record<string, Transport> = { rabbit: amqp091, amqp: amqp10, kafka, zmq: zeromq, sim: simulated };

/** The client that speaks to a target. */
export function transportOf(target: Target): Transport {
  const found = TRANSPORTS[target.scheme];
  if (found === undefined) throw new Error(`no transport for ${target.scheme}`);
  return found;
}

/** How many get a message of a pattern; throws where the transport cannot keep the pattern's promises. */
export function copiesOf(target: Target, pattern: PatternName): Copies {
  const copies = transportOf(target).patterns(target)[pattern];
  if (typeof copies === "string") return copies;
  throw new UserError(`${target.name} is refused for ${pattern}: ${copies.refused}.`);
}
