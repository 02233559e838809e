/**
 * Milliseconds of the machine's monotonic clock, which is the same for all processes of one machine: what one of them
 * sent, another can time. Processes of two machines cannot be compared.
 */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
