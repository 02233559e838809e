import { type HostFile, type HostPlan, renderCloudConfig } from "../../../compute/cloudInit";
import { javaTlsFiles } from "../javaTls";
import { type BrokerHostInput, memberOpenings } from "../software";
import {
  clusterId,
  isFounder,
  KAFKA_DATA,
  KAFKA_DIR,
  renderAdminProperties,
  renderCredential,
  renderServerProperties,
} from "./config";
import { KAFKA_PORTS } from "./ports";
import { credentialFile, renderCheck, renderProvision, renderStart } from "./scripts";

/** The user that Kafka's image runs as. */
const KAFKA_UID = 1000;

/** User data of one Kafka server. */
export function kafkaUserData(input: BrokerHostInput): string {
  return renderCloudConfig(kafkaHost(input), input.settings);
}

/** What one Kafka server runs. */
export function kafkaHost(input: BrokerHostInput): HostPlan {
  const { plan, member, tls, secret } = input;
  const founder = isFounder(plan, member);
  return {
    hostName: member.hostName,
    hosts: plan.hosts,
    dataMount: KAFKA_DATA,
    files: [
      { path: `${KAFKA_DIR}/server.properties`, content: renderServerProperties(plan, member) },
      { path: `${KAFKA_DIR}/admin.properties`, content: renderAdminProperties() },
      { path: `${KAFKA_DIR}/start.sh`, content: renderStart(clusterId(secret), founder), mode: "0755" },
      { path: `${KAFKA_DIR}/check.sh`, content: renderCheck(member), mode: "0755" },
      // One member alone knows the passwords: a new service replaces this one, and no other.
      ...(founder ? userFiles(input) : []),
      ...javaTlsFiles(KAFKA_DIR, tls),
    ],
    ownedDirectories: [KAFKA_DIR, KAFKA_DATA],
    container: {
      name: "kafka",
      description: "Apache Kafka broker and controller",
      image: input.image,
      uid: KAFKA_UID,
      volumes: [`${KAFKA_DIR}:${KAFKA_DIR}:ro`, `${KAFKA_DATA}:${KAFKA_DATA}`],
      exec: `${KAFKA_DIR}/start.sh`,
    },
    health: { role: "broker", check: `#!/bin/sh\nexec podman exec kafka ${KAFKA_DIR}/check.sh\n` },
    openings: memberOpenings(plan, KAFKA_PORTS),
  };
}

function userFiles({ member, users }: BrokerHostInput): HostFile[] {
  return [
    { path: `${KAFKA_DIR}/provision.sh`, content: renderProvision(member, users), mode: "0755" },
    ...users.map((user) => ({ path: credentialFile(user), content: renderCredential(user.password), mode: "0400" })),
  ];
}
