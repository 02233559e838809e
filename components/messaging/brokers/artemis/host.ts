import { type HostPlan, renderCloudConfig } from "../../../compute/cloudInit";
import { javaTlsFiles } from "../javaTls";
import { type BrokerHostInput, memberOpenings } from "../software";
import { ARTEMIS_DATA, ARTEMIS_INSTANCE, renderBrokerXml } from "./brokerXml";
import { ARTEMIS_PORTS } from "./ports";
import {
  renderBootstrap,
  renderCheck,
  renderHostCheck,
  renderLauncher,
  renderLogging,
  renderManagement,
} from "./scripts";
import { renderLogin, renderRoles, renderUsers } from "./users";

/** The user that Artemis' image runs as. */
const ARTEMIS_UID = 1001;

/** User data of one Artemis server. */
export function artemisUserData(input: BrokerHostInput): string {
  return renderCloudConfig(artemisHost(input), input.settings);
}

/** What one Artemis server runs. */
export function artemisHost({ plan, member, image, tls, secret, users }: BrokerHostInput): HostPlan {
  const etc = `${ARTEMIS_INSTANCE}/etc`;
  return {
    hostName: member.hostName,
    hosts: plan.hosts,
    dataMount: ARTEMIS_DATA,
    files: [
      { path: `${etc}/broker.xml`, content: renderBrokerXml(plan, member, secret), mode: "0400" },
      { path: `${etc}/bootstrap.xml`, content: renderBootstrap() },
      { path: `${etc}/management.xml`, content: renderManagement() },
      { path: `${etc}/log4j2.properties`, content: renderLogging() },
      { path: `${etc}/login.config`, content: renderLogin() },
      { path: `${etc}/artemis-users.properties`, content: renderUsers(users, secret), mode: "0400" },
      { path: `${etc}/artemis-roles.properties`, content: renderRoles(users) },
      { path: `${etc}/cluster-password`, content: secret, mode: "0400" },
      { path: `${etc}/check.sh`, content: renderCheck(member), mode: "0755" },
      { path: `${ARTEMIS_INSTANCE}/bin/artemis`, content: renderLauncher(), mode: "0755" },
      ...javaTlsFiles(etc, tls),
    ],
    ownedDirectories: [ARTEMIS_INSTANCE, ARTEMIS_DATA],
    container: {
      name: "artemis",
      description: "Apache ActiveMQ Artemis broker",
      image,
      uid: ARTEMIS_UID,
      // The image's entry point finds an instance here and runs it, instead of making one.
      volumes: [`${ARTEMIS_INSTANCE}:${ARTEMIS_INSTANCE}:ro`, `${ARTEMIS_DATA}:${ARTEMIS_DATA}`],
    },
    health: { role: "broker", check: renderHostCheck() },
    openings: memberOpenings(plan, ARTEMIS_PORTS),
  };
}
