import Table from "cli-table3";

import type { Orphans, Volume } from "../../components/clusters/orphans";

/** Everything that was found, in tables: what goes, what goes only when asked for, and what stays. */
export function formatOrphans(stack: string, orphans: Orphans, volumes: readonly Volume[]): string {
  const going = rowsOf(orphans);
  const chosen = volumes.map(volumeRow);
  const kept = [...orphans.volumes, ...orphans.uncertainVolumes].filter((volume) => !volumes.includes(volume));
  return [
    going.length + chosen.length === 0
      ? `Nothing that clusters of stack "${stack}" made is left to remove.`
      : `To be removed, in this order:\n${tableOf([...going, ...chosen])}`,
    ...(kept.length === 0
      ? []
      : [`Persistent volumes hold data and stay:\n${tableOf(kept.map(volumeRow))}`, hint(orphans, kept)]),
    ...(orphans.inTheWay.length === 0
      ? []
      : [`Foreign, and in the network's way; left alone:\n${orphans.inTheWay.map((item) => `- ${item}`).join("\n")}`]),
  ].join("\n");
}

function rowsOf(orphans: Orphans): string[][] {
  return [
    ...orphans.loadBalancers.map((item) => ["load balancer", item.name, item.id, item.provisioning_status]),
    ...orphans.floatingIps.map((item) => ["floating IP", item.floating_ip_address, item.id, item.description ?? ""]),
    ...orphans.ports.map((item) => ["port", item.name, item.id, item.device_owner]),
    ...orphans.securityGroups.map((item) => ["security group", item.name, item.id, item.description ?? ""]),
  ];
}

function volumeRow({ id, name, size, status }: Volume): string[] {
  return ["volume", name ?? "", id, `${size} GiB, ${status}`];
}

function hint({ volumes, uncertainVolumes }: Orphans, kept: readonly Volume[]): string {
  return [
    ...(kept.some((volume) => volumes.includes(volume)) ? ["`--volumes` removes those of this stack's clusters."] : []),
    ...(kept.some((volume) => uncertainVolumes.includes(volume))
      ? ['Of volumes marked "kubernetes" the cluster cannot be told; `--volume <id>` removes one.']
      : []),
  ].join(" ");
}

function tableOf(rows: readonly string[][]): string {
  const table = new Table({ head: ["kind", "name", "id", ""], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(row);
  return table.toString();
}
