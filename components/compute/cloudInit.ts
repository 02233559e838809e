import { stringify } from "yaml";

import { dataDiskFile } from "./host/dataDisk";
import { firewallFile } from "./host/firewall";
import { healthFiles } from "./host/health";
import { logFiles } from "./host/logs";
import { registryFiles, sourcesConfig } from "./host/mirrors";
import type { HostFile, HostPlan, HostSettings } from "./host/plan";
import { SETUP_SCRIPT, setupFile } from "./host/setup";
import { timerFiles } from "./host/timers";
import { unitFiles } from "./host/units";

export type {
  HostContainer,
  HostFile,
  HostHealth,
  HostOpening,
  HostPackage,
  HostPlan,
  HostSettings,
} from "./host/plan";

/** User data (`#cloud-config`) of a server: files, and one script that sets it up from them. */
export function renderCloudConfig(host: HostPlan, settings: HostSettings = {}): string {
  const config = {
    hostname: host.hostName,
    preserve_hostname: false,
    ...sourcesConfig(settings),
    write_files: hostFiles(host, settings).map((file) => ({
      path: file.path,
      content: file.content,
      permissions: file.mode ?? "0644",
    })),
    runcmd: [[SETUP_SCRIPT]],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

/** Every file that the server is given. */
export function hostFiles(host: HostPlan, settings: HostSettings = {}): HostFile[] {
  const hosts = renderHosts(host);
  return [
    { path: "/etc/cloud/templates/hosts.debian.tmpl", content: hosts },
    { path: "/etc/hosts", content: hosts },
    ...host.files,
    ...(host.package === undefined ? registryFiles(settings.registryMirrors) : []),
    ...unitFiles(host),
    ...(host.dataMount === undefined ? [] : [dataDiskFile()]),
    ...(host.openings === undefined ? [] : [firewallFile(host.openings, settings.adminCidrs)]),
    ...(settings.logs === undefined ? [] : logFiles(host.hostName, settings.logs)),
    ...(host.health === undefined ? [] : healthFiles(host.hostName, host.health)),
    ...(host.jobs ?? []).flatMap((job) => timerFiles(job)),
    setupFile(host, settings),
  ];
}

function renderHosts(host: HostPlan): string {
  const peers = host.hosts.map((peer) => `${peer.address} ${peer.hostName}`);
  return ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback", ...peers, ""].join("\n");
}
