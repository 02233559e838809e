import type { HostSettings } from "../../components/compute/cloudInit";
import { type BrokerClusterPlan, planBrokers } from "../../components/messaging/brokers/plan";
import { brokerUserData } from "../../components/messaging/brokers/rabbitmq/host";
import type { Placement } from "../../components/messaging/servers/placement";
import { freePort } from "../../tools/workspace/ports";
import { createAuthority, issue, type TestAuthority } from "./certificates";
import { ensureDebian } from "./debian";
import type { Machine } from "./machine";
import { ensureMachineImage } from "./machineImage";
import { NspawnMachine } from "./nspawnMachine";
import { QemuMachine } from "./qemuMachine";

/** Zones as a stack would have them; all on one network, as a router would join them. */
const ZONES = [
  { zone: "az-1", cidr: "10.77.0.0/24" },
  { zone: "az-2", cidr: "10.77.1.0/24" },
  { zone: "az-3", cidr: "10.77.2.0/24" },
];

/** Enough for systemd, cloud-init and Erlang. */
const MEMORY_MIB = 640;

export const USER = { name: "nova", password: "a password of nova" };
export const VHOST = "openstack";

/** Brokers' machines, as the plan has them. */
export interface BrokerMachines {
  plan: BrokerClusterPlan;
  authority: TestAuthority;
  members: { member: Placement; machine: Machine; amqps: number }[];
}

/** Plans a cluster and gives every member its machine, not yet booted. */
export async function brokerMachines(folder: string, count: number): Promise<BrokerMachines> {
  await ensureDebian(
    ["qemu-system-x86", "qemu-utils", "genisoimage"],
    ["qemu-system-x86_64", "qemu-img", "genisoimage"],
  );
  await ensureDebian(["systemd-container", "iproute2"], ["systemd-nspawn", "ip"]);
  const image = await ensureMachineImage();
  const Kind = (await QemuMachine.runs(image)) ? QemuMachine : NspawnMachine;
  const plan = planBrokers("boot", count, ZONES);
  const authority = await createAuthority();
  const network = await freePort();
  const members = await Promise.all(
    plan.members.map(async (member, at) => {
      const amqps = await freePort();
      const machine = new Kind({
        image,
        folder,
        name: member.hostName,
        index: at + 1,
        userData: await userDataOf({ plan, authority }, member),
        metaData: metaData(plan, member, "first"),
        address: `${member.address}/16`,
        network,
        forward: { from: amqps, to: 5671 },
        memoryMiB: MEMORY_MIB,
      });
      return { member, machine, amqps };
    }),
  );
  return { plan, authority, members };
}

/** A member's user data, from the code that renders it for a stack. */
export async function userDataOf(
  { plan, authority }: Pick<BrokerMachines, "plan" | "authority">,
  member: Placement,
  settings: HostSettings = {},
): Promise<string> {
  return brokerUserData({
    plan,
    member,
    image: "docker.io/library/rabbitmq:4.1.4",
    tls: await issue(authority, [member.hostName], [member.address]),
    cookie: "BOOTTESTCOOKIE",
    vhost: VHOST,
    users: [USER],
    settings: { install: "package", adminCidrs: ["10.77.0.0/16", "fd00:77::/32"], ...settings },
  });
}

/** What Nova's metadata says of a server; a replaced one is another instance. */
export function metaData(plan: BrokerClusterPlan, member: Placement, incarnation: string): Record<string, unknown> {
  const members = plan.members.map(({ hostName }) => hostName).join(",");
  return {
    "instance-id": `${member.hostName}-${incarnation}`,
    "local-hostname": member.hostName,
    meta: { "fabric-members": members },
  };
}
