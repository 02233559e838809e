import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";

/** Microseconds that are told apart at most; a longer latency counts as this one. */
const HIGHEST_US = 3_600_000_000;

/** Percentiles of curves; beyond what the number of values can tell they are left out. */
const CURVE = [0, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999, 100];

/** A distribution in milliseconds. */
export interface Distribution {
  count: number;
  mean: number;
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
  /** Percentile and milliseconds. */
  curve: [number, number][];
}

/** Latencies of one process, to a thousandth of themselves; what many processes saw is added up without any loss. */
export class Latencies {
  private readonly histogram: Histogram;

  constructor(encoded?: string) {
    // Without WebAssembly: it needs a start of its own, and recording is no bottleneck.
    this.histogram =
      encoded === undefined
        ? build({ highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3, bitBucketSize: 32 })
        : decodeFromCompressedBase64(encoded, 32);
  }

  record(milliseconds: number): void {
    this.histogram.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(milliseconds * 1000))));
  }

  add(other: Latencies): void {
    this.histogram.add(other.histogram);
  }

  /** For another process: HdrHistogram's own format, which other tools read, too. */
  encode(): string {
    return encodeIntoCompressedBase64(this.histogram);
  }

  static merge(encoded: readonly string[]): Latencies {
    const all = new Latencies();
    for (const one of encoded) all.add(new Latencies(one));
    return all;
  }

  /** Milliseconds below which a percentage of all values is. */
  percentile(percent: number): number {
    return this.histogram.getValueAtPercentile(percent) / 1000;
  }

  summary(): Distribution {
    const { totalCount: count, mean } = this.histogram;
    const told = CURVE.filter((percent) => percent === 100 || count * (1 - percent / 100) >= 1);
    const at = (percent: number) => (count === 0 ? 0 : this.percentile(percent));
    return {
      count,
      mean: count === 0 ? 0 : mean / 1000,
      ...{ p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) },
      curve: count === 0 ? [] : told.map((percent) => [percent, at(percent)]),
    };
  }
}
