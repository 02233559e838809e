import { type HostFile, type HostJob, LIB } from "./plan";

/** A script, the service that runs it and the timer that starts the service. */
export function timerFiles({ name, description, script, every }: HostJob, patience = 600): HostFile[] {
  const path = `${LIB}/${name}`;
  return [
    { path, content: script, mode: "0755" },
    {
      path: `/etc/systemd/system/${name}.service`,
      content: `[Unit]
Description=${description}

[Service]
Type=oneshot
ExecStart=${path}
TimeoutStartSec=${patience}
`,
    },
    {
      path: `/etc/systemd/system/${name}.timer`,
      content: `[Unit]
Description=${description}, every ${every} seconds

[Timer]
OnActiveSec=0
OnUnitInactiveSec=${every}
AccuracySec=1

[Install]
WantedBy=multi-user.target
`,
    },
  ];
}
