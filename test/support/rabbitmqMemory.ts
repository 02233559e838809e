/** A node's configuration with less memory than the machine has: megabytes, of which its write-ahead log takes an eighth. */
export function withMemory(megabytes: number | undefined, conf: string): string {
  if (megabytes === undefined) return conf;
  const settings = [
    `total_memory_available_override_value = ${megabytes}MB`,
    // All of it is in memory; RabbitMQ's own 512 MiB would be more than there is.
    `raft.wal_max_size_bytes = ${Math.round((megabytes * 1_000_000) / 8)}`,
    // What messages need, without what Erlang keeps for later: else the limit is met for long after they are gone.
    "vm_memory_calculation_strategy = erlang",
  ];
  return `${conf}${settings.join("\n")}\n`;
}
