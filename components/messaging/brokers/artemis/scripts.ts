import type { Placement } from "../../servers/placement";
import { MEMBERS_KEY } from "../rabbitmq/membership";
import { ARTEMIS_INSTANCE, CLUSTER_USER, memberUrl } from "./brokerXml";

/** Where the image has Artemis. */
const HOME = "/opt/activemq-artemis";
const ETC = `${ARTEMIS_INSTANCE}/etc`;

/** `bootstrap.xml`: the broker and its users; without a `web` element there is no console and no Jolokia. */
export function renderBootstrap(): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<broker xmlns="http://activemq.apache.org/schema">
  <jaas-security domain="activemq"/>
  <server configuration="file:${ETC}/broker.xml"/>
</broker>
`;
}

/** `management.xml`: no JMX connector; the file must be there. */
export function renderManagement(): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<management-context xmlns="http://activemq.apache.org/schema"/>
`;
}

/** `log4j2.properties`: everything to the console, from where systemd takes it. */
export function renderLogging(): string {
  return `rootLogger.level = INFO
rootLogger.appenderRef.console.ref = console
logger.audit.name = org.apache.activemq.audit
logger.audit.level = OFF
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %-5level [%logger] %msg%n
`;
}

/** `bin/artemis`, which the image's entry point runs as `./bin/artemis run`; the tools of the command line, too. */
export function renderLauncher(): string {
  return `#!/bin/sh
# The broker (run) and its tools, on this instance's configuration.
exec java -XX:MaxRAMPercentage=50 \\
  -classpath ${HOME}/lib/artemis-boot.jar \\
  -Dartemis.home=${HOME} -Dartemis.instance=${ARTEMIS_INSTANCE} -Dartemis.instance.etc=${ETC} \\
  -Djava.security.auth.login.config=${ETC}/login.config \\
  -Dlog4j2.configurationFile=file:${ETC}/log4j2.properties \\
  org.apache.activemq.artemis.boot.Artemis "$@"
`;
}

/** Whether the member does its work: it answers, and it sees as many members as the first argument says. */
export function renderCheck({ hostName }: Placement): string {
  return `#!/bin/sh
# Ends with 0 when this member answers and sees as many members as the first argument says.
members=\${1:-1}
if said=$(${ARTEMIS_INSTANCE}/bin/artemis check node --silent --up --peers "$members" --timeout 20000 \\
  --url '${memberUrl(hostName)}' --user ${CLUSTER_USER} --password "$(cat ${ETC}/cluster-password)" 2>&1); then
  echo "answers, and sees $members members"
else
  echo "$said" | tail -n 1
  exit 1
fi
`;
}

/** On the server: how many members there are is in its metadata, which an update changes in place. */
export function renderHostCheck(): string {
  return `#!/bin/sh
# Without a metadata service the member is asked for itself alone.
members=$(python3 - <<'END' 2>/dev/null || echo 1
import json, urllib.request
url = "http://169.254.169.254/openstack/latest/meta_data.json"
meta = json.load(urllib.request.urlopen(url, timeout=5))["meta"]
print(len(meta["${MEMBERS_KEY}"].split(",")))
END
)
exec podman exec artemis ${ETC}/check.sh "$members"
`;
}
