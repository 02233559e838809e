import type { Placement } from "../../servers/placement";
import { PORTS } from "../../servers/ports";
import type { BrokerUser } from "../rabbitmq/config";
import { KAFKA_DATA, KAFKA_DIR, nodeId } from "./config";

/** Kafka's tools in its image. */
const BIN = "/opt/kafka/bin";

/**
 * Topics that every service may use, by prefix. Sources: oslo.messaging appends the priority (`notifications.info`);
 * Nova and Ironic have `versioned_notifications` beside it. A service's own topics begin with its name.
 */
const SHARED_TOPICS = ["notifications", "versioned_notifications"];

/** The consumer group of oslo.messaging's Kafka driver where none is configured; a service's own begin with its name. */
const OSLO_GROUP = "oslo_messaging_consumer";

/** Starts a member. The founder alone makes a quorum of its own, and tells the cluster its users. */
export function renderStart(id: string, founder: boolean): string {
  const role = founder ? "--standalone" : "--no-initial-controllers";
  const provision = founder ? `\n${KAFKA_DIR}/provision.sh &` : "";
  return `#!/bin/sh
# Formats the storage the first time, then becomes the broker.
set -eu
if [ ! -f ${KAFKA_DATA}/formatted ]; then
  # What a formatting that was cut short has left; no broker has run on it.
  rm -rf ${KAFKA_DATA}/log
  ${BIN}/kafka-storage.sh format --cluster-id ${id} --config ${KAFKA_DIR}/server.properties ${role}
  touch ${KAFKA_DATA}/formatted
fi${provision}
exec ${BIN}/kafka-server-start.sh ${KAFKA_DIR}/server.properties
`;
}

/** The file of a user's credential. */
export function credentialFile({ name }: Pick<BrokerUser, "name">): string {
  return `${KAFKA_DIR}/users/${name}.properties`;
}

/** Tells the cluster its users and their rights. */
export function renderProvision(member: Placement, users: readonly BrokerUser[]): string {
  const sorted = [...users].sort((a, b) => (a.name < b.name ? -1 : 1));
  return `#!/bin/sh
# Tells the cluster its users and what they may do: once for every change of them, as soon as the cluster answers.
set -eu
admin="${adminOptions(member)}"
wanted=$(cat ${KAFKA_DIR}/provision.sh ${sorted.map(credentialFile).join(" ")} | sha256sum)
if [ "$(cat ${KAFKA_DATA}/provisioned 2>/dev/null || true)" = "$wanted" ]; then exit 0; fi
until ${BIN}/kafka-broker-api-versions.sh $admin >/dev/null 2>&1; do sleep 2; done
login() {
  ${BIN}/kafka-configs.sh $admin --alter --entity-type users --entity-name "$1" --add-config-file "$2"
}
rights() {
  ${BIN}/kafka-acls.sh $admin --add --force --resource-pattern-type prefixed --allow-principal "User:$1" \\
    --producer --consumer ${SHARED_TOPICS.map((topic) => `--topic ${topic}`).join(" ")} --topic "$1" \\
    --group ${OSLO_GROUP} --group "$1" >/dev/null
}
${sorted.map((user) => `login "${user.name}" "${credentialFile(user)}"\nrights "${user.name}"\n`).join("")}echo "$wanted" > ${KAFKA_DATA}/provisioned
`;
}

/** Whether the member does its work: its controller has a vote, and no partition lacks a copy. */
export function renderCheck(member: Placement): string {
  return `#!/bin/sh
# Ends with 0 when this member has a vote in the controllers' quorum and no partition lacks a copy.
admin="${adminOptions(member)}"
if ! voters=$(${BIN}/kafka-metadata-quorum.sh $admin describe --status 2>/dev/null | grep '^CurrentVoters:'); then
  echo "the controllers' quorum does not answer"; exit 1
fi
case "$voters" in
  *'"id": ${nodeId(member)},'*) ;;
  *) echo "controller ${nodeId(member)} has not joined the quorum"; exit 1 ;;
esac
if ! lacking=$(${BIN}/kafka-topics.sh $admin --describe --under-replicated-partitions 2>/dev/null); then
  echo "the brokers do not answer"; exit 1
fi
if [ -n "$lacking" ]; then
  echo "$(echo "$lacking" | wc -l) partitions lack a copy"; exit 1
fi
echo "controller ${nodeId(member)} votes, every partition has its copies"
`;
}

function adminOptions({ hostName }: Placement): string {
  return `--bootstrap-server ${hostName}:${PORTS.kafkaReplication} --command-config ${KAFKA_DIR}/admin.properties`;
}
