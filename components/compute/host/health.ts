import { type HostFile, type HostHealth, LIB } from "./plan";
import { timerFiles } from "./timers";

const CHECK = `${LIB}/health-check`;

/** Seconds between two checks, and between two lines on the console while nothing changes. */
const INTERVAL = 10;
const REPEAT = 60;
/** Seconds that a check may take. */
const PATIENCE = 60;

/** A timer that runs the check, and tells its answer on the console: Nova's API alone is needed to read it there. */
export function healthFiles(hostName: string, health: HostHealth): HostFile[] {
  const check = health.check.startsWith("#!") ? health.check : `#!/bin/sh\n${health.check}`;
  return [
    { path: CHECK, content: check.endsWith("\n") ? check : `${check}\n`, mode: "0755" },
    ...timerFiles(
      {
        name: "fabric-health",
        description: "Tells whether this server does its work",
        script: tellScript(health.role, hostName),
        every: INTERVAL,
      },
      PATIENCE * 2,
    ),
  ];
}

function tellScript(role: string, hostName: string): string {
  return `#!/bin/sh
# Runs the check. Its answer is in /run/fabric/health, and on the console when it changes and every ${REPEAT} s.
set -u
mkdir -p /run/fabric
code=0
timeout -k 5 ${PATIENCE} ${CHECK} > /run/fabric/check 2>&1 || code=$?
said=$(tail -n 1 /run/fabric/check | tr -cd '[:print:]' | cut -c 1-200)
case $code in
  0) word=ready ;;
  124 | 137) word=not-ready said="the check took longer than ${PATIENCE} s" ;;
  *) word=not-ready ;;
esac
line="fabric-health: $word ${role} ${hostName} \${said:-no reason given}"
now=$(cut -d . -f 1 /proc/uptime)
told=$(cat /run/fabric/told 2>/dev/null || echo -${REPEAT})
if [ "$line" != "$(cat /run/fabric/health 2>/dev/null)" ] || [ $((now - told)) -ge ${REPEAT} ]; then
  printf '\\r\\n%s\\r\\n' "$line" > /dev/console
  echo "$now" > /run/fabric/told
fi
printf '%s\\n' "$line" > /run/fabric/health.new && mv /run/fabric/health.new /run/fabric/health
`;
}
