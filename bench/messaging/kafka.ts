import { KAFKA_DIR } from "../../components/messaging/brokers/kafka/config";
import { bootKafka } from "../../test/support/kafkaCluster";
import { eventually } from "../../test/support/members";
import { conform } from "../../tools/blend/conformance/conform";
import { parseTarget } from "../../tools/blend/target";
import { controlled } from "./control";
import { type System, urlOf, USER } from "./system";

/** Members of the cluster: each is broker and controller. */
const MEMBERS = 3;

/** Kafka of Maven Central, with the project's own configuration. */
export async function kafka(): Promise<System> {
  const cluster = await bootKafka(MEMBERS, [USER]);
  const ready = (at: number) =>
    eventually(
      async () => (await cluster.members[at]?.run(`${KAFKA_DIR}/check.sh`))?.code,
      (code) => code === 0,
      240,
    );
  const target = parseTarget(urlOf("kafka", cluster.endpoints), "Kafka", cluster.authority.caPem);
  try {
    await Promise.all(cluster.members.map((_, at) => ready(at)));
    // The founder tells the users' logins once it answers; a login before that is refused.
    await eventually(
      async () => (await conform(target, { promises: ["absent listener"] })).findings.at(0)?.outcome,
      (outcome) => outcome === "kept",
      120,
    );
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return {
    trials: [{ target }],
    members: cluster.members.map((member, at) =>
      controlled(member, async () => {
        member.start(`${KAFKA_DIR}/start.sh`);
        await ready(at);
      }),
    ),
    close: () => cluster.close(),
  };
}
