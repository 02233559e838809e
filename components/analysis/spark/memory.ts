import { UserError } from "../../errors";

/**
 * Spark's own share for what is not heap: a tenth of the memory, four tenths where Python or R runs beside the JVM, and
 * never less than 384 MiB (`spark.kubernetes.memoryOverheadFactor`, `spark.executor.minMemoryOverhead`;
 * https://spark.apache.org/docs/4.0.0/running-on-kubernetes.html and …/configuration.html).
 */
export const OVERHEAD = { jvm: 0.1, other: 0.4, minimumMiB: 384 } as const;

/** Languages of an application, as the operator names them. */
export type Language = "Java" | "Scala" | "Python" | "R";

/** What a driver or an executor gets. */
export interface PodSize {
  /** Cores, which it asks for and may not exceed. Default 1. New pods have it. */
  cores?: number;
  /** Heap, with a unit: `512m`, `4g`. Default `1g`. New pods have it. */
  memory?: string;
  /** Memory beside the heap, with a unit. Default: Spark's own rule (see `OVERHEAD`). New pods have it. */
  memoryOverhead?: string;
}

/** A driver's or an executor's size, decided. */
export interface PlannedSize {
  cores: number;
  memoryMiB: number;
  overheadMiB: number;
  /** What its pod asks for. */
  totalMiB: number;
}

const MIB: Record<string, number> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 };

/** Mebibytes of a text such as `4g`, as Spark reads it. */
export function parseMemory(path: string, text: string): number {
  const [, digits, unit] = /^(\d+)([kmgt])b?$/i.exec(text) ?? [];
  const mib = Math.floor(Number(digits) * (MIB[unit?.toLowerCase() ?? ""] ?? NaN));
  if (Number.isSafeInteger(mib) && mib > 0) return mib;
  throw new UserError(`\`${path}\` must be a whole number with a unit of k, m, g or t, such as 4g, got "${text}".`);
}

/** The size of a driver or an executor, by Spark's own rules; what it says is what its pod asks for. */
export function planSize(path: string, size: PodSize, language: Language): PlannedSize {
  const cores = size.cores ?? 1;
  if (!Number.isSafeInteger(cores) || cores < 1)
    throw new UserError(`\`${path}.cores\` must be a whole number from 1, got ${cores}.`);
  const memoryMiB = parseMemory(`${path}.memory`, size.memory ?? "1g");
  const overheadMiB =
    size.memoryOverhead === undefined
      ? defaultOverhead(memoryMiB, language)
      : parseMemory(`${path}.memoryOverhead`, size.memoryOverhead);
  return { cores, memoryMiB, overheadMiB, totalMiB: memoryMiB + overheadMiB };
}

export function defaultOverhead(memoryMiB: number, language: Language): number {
  const factor = language === "Python" || language === "R" ? OVERHEAD.other : OVERHEAD.jvm;
  return Math.max(Math.floor(memoryMiB * factor), OVERHEAD.minimumMiB);
}
