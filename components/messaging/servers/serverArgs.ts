import type { Input } from "@pulumi/pulumi";

import type { HostSettings, InstallMethod } from "../../compute/host/plan";
import type { Rollout } from "../../compute/Rollout";
import type { NetworkAttachment } from "../../network/attachment";

/** What the servers of the messaging layer have in common. */
export interface MessagingServerArgs {
  /** Prefix of every name, such as `production`. REPLACES the servers (it is in their host names). */
  prefix: string;
  /** The network, with a subnet per availability zone. REPLACES ports and servers. */
  network: NetworkAttachment;
  /** Flavor name of the servers. In place (resize), one server at a time. */
  flavor: string;
  /** Image id of the servers: Debian, Ubuntu or Fedora with cloud-init. REPLACES the servers. */
  imageId: Input<string>;
  /** Nova key pair for SSH. Default: none. REPLACES the servers. */
  keyPair?: string;
  /** Group whose members may connect as clients. In place. */
  clientGroupId: Input<string>;
  /** Ranges from which SSH is allowed; they are in the servers' own firewalls, too. Default: none. Rolling. */
  adminCidrs?: string[];
  /** Publish host names in the network's DNS domain. Default false. In place. */
  dns?: boolean;
  /** How servers are installed, from where, and where their logs go. REPLACES the servers. Default: by container. */
  servers?: HostSettings;
  /** How these servers are installed, where it differs from `servers.install`. REPLACES the servers, not their data. */
  install?: InstallMethod;
  /** What a new server is waited for before the next one is touched. Default: nothing. */
  rollout?: Rollout;
  /** The stack that owns everything; written as tags and metadata. In place. */
  stack: string;
}

/** Openings for operators: SSH from their ranges, and from nowhere else. */
export function adminRules(args: Pick<MessagingServerArgs, "adminCidrs">) {
  return (args.adminCidrs ?? []).map((cidr) => ({
    key: `ssh-from-${cidr.replace(/[/:.]/g, "-")}`,
    port: 22,
    fromCidr: cidr,
  }));
}
