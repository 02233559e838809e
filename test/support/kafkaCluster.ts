import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KAFKA_DATA, KAFKA_DIR } from "../../components/messaging/brokers/kafka/config";
import { kafkaHost } from "../../components/messaging/brokers/kafka/host";
import { KAFKA } from "../../components/messaging/brokers/kafka/software";
import { planBrokers } from "../../components/messaging/brokers/plan";
import { PORTS } from "../../components/messaging/servers/ports";
import { createAuthority, issue, type TestAuthority } from "./certificates";
import { libraries } from "./maven";
import { loopbackZones, Member } from "./members";
import { sec1 } from "./sec1";

const VERSION = KAFKA.image.split(":").at(-1) ?? "";

/** The tools' classes; in the image, scripts of these names start them. */
const TOOLS = {
  "kafka-storage.sh": "kafka.tools.StorageTool",
  "kafka-server-start.sh": "kafka.Kafka",
  "kafka-configs.sh": "kafka.admin.ConfigCommand",
  "kafka-acls.sh": "org.apache.kafka.tools.AclCommand",
  "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
  "kafka-metadata-quorum.sh": "org.apache.kafka.tools.MetadataQuorumCommand",
  "kafka-broker-api-versions.sh": "org.apache.kafka.tools.BrokerApiVersionsCommand",
};

export interface KafkaCluster {
  members: Member[];
  authority: TestAuthority;
  /** `host:port` for clients. */
  endpoints: string[];
  /** What one of Kafka's tools says, asked as the first member. */
  tool(name: keyof typeof TOOLS, args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Boots members with the configuration and the scripts that their servers would have. */
export async function bootKafka(
  count: number,
  users: readonly { name: string; password: string }[],
): Promise<KafkaCluster> {
  const bin = await tools();
  const zones = await loopbackZones(PORTS.kafka);
  const plan = planBrokers("test", count, zones);
  const authority = await createAuthority();
  const members = await Promise.all(
    plan.members.map(async (member) => {
      const tls = sec1(await issue(authority, [member.hostName], [member.address]));
      const host = kafkaHost({ plan, member, image: KAFKA.image, tls, secret: "test-secret", vhost: "", users });
      const paths = (folder: string) => ({
        [KAFKA_DIR]: join(folder, "etc"),
        [KAFKA_DATA]: join(folder, "data"),
        "/opt/kafka/bin": bin,
      });
      return new Member({ plan: host, address: member.address, paths });
    }),
  );
  for (const member of members) member.start(`${KAFKA_DIR}/start.sh`);
  return {
    members,
    authority,
    endpoints: members.map(({ address }) => `${address}:${PORTS.kafka}`),
    tool: async (name, args) => {
      const [first] = members;
      const admin = ["--bootstrap-server", `test-broker-01:${PORTS.kafkaReplication}`];
      const login = ["--command-config", first?.local(`${KAFKA_DIR}/admin.properties`) ?? ""];
      return (await first?.run(join(bin, name), [...admin, ...login, ...args]))?.said ?? "";
    },
    close: async () => {
      await Promise.all(members.map((member) => member.remove()));
      rmSync(bin, { recursive: true, force: true });
    },
  };
}

async function tools(): Promise<string> {
  const jars = await libraries(`kafka-${VERSION}`, [
    `org.apache.kafka:kafka_2.13:${VERSION}`,
    `org.apache.kafka:kafka-tools:${VERSION}`,
    "org.slf4j:slf4j-simple:1.7.36",
  ]);
  const bin = mkdtempSync(join(tmpdir(), "fabric-kafka-bin-"));
  mkdirSync(bin, { recursive: true });
  for (const [script, main] of Object.entries(TOOLS)) {
    writeFileSync(join(bin, script), `#!/bin/sh\nexec java -cp '${jars}/*' ${main} "$@"\n`);
    chmodSync(join(bin, script), 0o755);
  }
  return bin;
}
