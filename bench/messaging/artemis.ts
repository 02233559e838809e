import { ARTEMIS_INSTANCE } from "../../components/messaging/brokers/artemis/brokerXml";
import { PORTS } from "../../components/messaging/servers/ports";
import { ARTEMIS_START, bootArtemis } from "../../test/support/artemisCluster";
import { eventually } from "../../test/support/members";
import { parseTarget } from "../../tools/blend/target";
import { controlled } from "./control";
import { type System, urlOf, USER } from "./system";

/** Members of the cluster. */
const MEMBERS = 3;

/** Artemis of Maven Central: AMQP 1.0, with the project's own configuration. */
export async function artemis(): Promise<System> {
  const cluster = await bootArtemis(MEMBERS, [USER]);
  const ready = (at: number) =>
    eventually(
      async () => (await cluster.members[at]?.run(`${ARTEMIS_INSTANCE}/etc/check.sh`, [String(MEMBERS)]))?.code,
      (code) => code === 0,
      180,
    );
  try {
    await Promise.all(cluster.members.map((_, at) => ready(at)));
  } catch (error) {
    await cluster.close();
    throw error;
  }
  const endpoints = cluster.members.map(({ address }) => `${address}:${PORTS.amqps}`);
  return {
    trials: [{ target: parseTarget(urlOf("amqp", endpoints, "/blend"), "Artemis", cluster.authority.caPem) }],
    members: cluster.members.map((member, at) =>
      controlled(member, async () => {
        member.start(...ARTEMIS_START);
        await ready(at);
      }),
    ),
    close: () => cluster.close(),
  };
}
