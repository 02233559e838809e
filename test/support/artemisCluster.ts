import { join } from "node:path";

import { ARTEMIS_DATA, ARTEMIS_INSTANCE } from "../../components/messaging/brokers/artemis/brokerXml";
import { artemisHost } from "../../components/messaging/brokers/artemis/host";
import { ARTEMIS } from "../../components/messaging/brokers/artemis/software";
import { planBrokers } from "../../components/messaging/brokers/plan";
import { PORTS } from "../../components/messaging/servers/ports";
import { createAuthority, issue, type TestAuthority } from "./certificates";
import { unpacked } from "./maven";
import { loopbackZones, Member } from "./members";
import { sec1 } from "./sec1";

const VERSION = ARTEMIS.image.split(":").at(-1) ?? "";

/** Starts a member as its image does. */
export const ARTEMIS_START = [`${ARTEMIS_INSTANCE}/bin/artemis`, ["run"]] as const;

export interface ArtemisCluster {
  members: Member[];
  authority: TestAuthority;
  close(): Promise<void>;
}

/** Boots members with the configuration that their servers would have. */
export async function bootArtemis(
  count: number,
  users: readonly { name: string; password: string }[],
): Promise<ArtemisCluster> {
  const home = await unpacked(`artemis-${VERSION}`, `org.apache.activemq:apache-artemis:${VERSION}:zip:bin`);
  const zones = await loopbackZones(PORTS.amqps);
  const plan = planBrokers("test", count, zones);
  const authority = await createAuthority();
  const members = await Promise.all(
    plan.members.map(async (member) => {
      const tls = sec1(await issue(authority, [member.hostName], [member.address]));
      const host = artemisHost({ plan, member, image: ARTEMIS.image, tls, secret: "test-secret", vhost: "", users });
      const paths = (folder: string) => ({
        [ARTEMIS_INSTANCE]: join(folder, "instance"),
        [ARTEMIS_DATA]: join(folder, "data"),
        "/opt/activemq-artemis": join(home, `apache-artemis-${VERSION}`),
      });
      return new Member({ plan: host, address: member.address, paths });
    }),
  );
  for (const member of members) member.start(...ARTEMIS_START);
  return { members, authority, close: async () => void (await Promise.all(members.map((member) => member.remove()))) };
}
