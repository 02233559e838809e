import type { HostFile, LogCollector } from "./plan";

/** What ships the journal. */
export const LOG_PACKAGES = ["rsyslog", "rsyslog-openssl"] as const;

/** IANA: syslog over TLS. */
const SYSLOG_TLS = 6514;

/** Where distributions keep the authorities that they trust. */
const SYSTEM_CA = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Sends the journal to a collector by syslog over TLS (RFC 5425), which every collector takes in. What cannot be sent
 * waits on disk. The collector's name is checked against its certificate.
 */
export function logFiles(hostName: string, { host, port = SYSLOG_TLS }: LogCollector): HostFile[] {
  return [
    {
      path: "/etc/rsyslog.d/50-fabric.conf",
      content: `# Everything in the journal, containers' output too, goes to the collector.
global(defaultNetstreamDriverCAFile="${SYSTEM_CA}" localHostname="${hostName}")
action(
  type="omfwd" target="${host}" port="${port}" protocol="tcp" TCP_Framing="octet-counted"
  template="RSYSLOG_SyslogProtocol23Format"
  StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="${host}"
  action.resumeRetryCount="-1"
  queue.type="LinkedList" queue.filename="fabric" queue.maxDiskSpace="256m" queue.saveOnShutdown="on"
)
`,
    },
    {
      path: "/etc/systemd/journald.conf.d/50-fabric.conf",
      content: "[Journal]\nForwardToSyslog=yes\n",
    },
  ];
}
