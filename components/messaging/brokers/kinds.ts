import type { BrokerKind } from "../backend/matrix";
import { ARTEMIS } from "./artemis/software";
import { KAFKA } from "./kafka/software";
import { RABBITMQ } from "./rabbitmq/software";
import type { BrokerSoftware } from "./software";

/** Every kind of broker; another one is another folder and a line here. */
export const BROKERS: Readonly<Record<BrokerKind, BrokerSoftware>> = {
  rabbitmq: RABBITMQ,
  artemis: ARTEMIS,
  kafka: KAFKA,
};
