import { init, type EChartsOption } from "echarts";

import type { RunResult } from "../../run";

/** Pixels; the page scales what is too wide. */
const SIZE = { width: 900, height: 420 };

/** Colours that keep their distance for those who do not tell red from green, and on both grounds. Source: Okabe & Ito. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#8c6d31"];

/** Neither black nor white: it is read on both grounds. */
const INK = "#808080";

/** What a run is called. */
export function nameOf(run: RunResult): string {
  return `${run.target}, ${run.pattern}, ${loadOf(run)}`;
}

function loadOf({ offered, load }: RunResult): string {
  return load === "open" ? `${offered}/s` : "closed";
}

/** Latency over the percentile, so that each further nine is as wide as the one before. */
export function percentileChart(title: string, runs: readonly RunResult[]): string {
  const nines = (percent: number) => -Math.log10(1 - Math.min(percent, 99.9999) / 100);
  const series = runs.map((run) => ({
    name: `${run.target}, ${loadOf(run)}`,
    type: "line" as const,
    showSymbol: false,
    data: run.latency.curve
      .filter(([percent]) => percent < 100)
      .map(([percent, ms]) => [nines(percent), Math.max(ms, 0.001)]),
  }));
  return render({
    ...common(title),
    xAxis: {
      ...axis("percentile"),
      type: "value",
      interval: 1,
      max: ({ max }: { max: number }) => Math.ceil(max),
      axisLabel: { color: INK, formatter: (value: number) => `${Number((100 * (1 - 10 ** -value)).toFixed(4))} %` },
    },
    yAxis: { ...axis("ms"), type: "log" },
    series,
  });
}

/** Throughput over the arrival rate: where a line leaves the diagonal, the middleware no longer keeps up; of several rates. */
export function throughputChart(title: string, runs: readonly RunResult[]): string | undefined {
  const open = runs.filter(({ offered }) => offered !== undefined);
  const kinds = [...new Set(open.map(({ target, pattern }) => `${target}, ${pattern}`))];
  if (new Set(open.map(({ offered }) => offered)).size < 2) return undefined;
  const highest = Math.max(...open.map(({ offered = 0 }) => offered));
  const lines = kinds.map((kind) => ({
    name: kind,
    type: "line" as const,
    symbolSize: 7,
    data: open
      .filter(({ target, pattern }) => `${target}, ${pattern}` === kind)
      .map(({ offered = 0, achieved }) => [offered, Number(achieved.toFixed(2))] as [number, number])
      .sort(([a], [b]) => a - b),
  }));
  const diagonal = {
    ...{ name: "all that is offered", type: "line" as const, showSymbol: false },
    data: [
      [0, 0],
      [highest, highest],
    ],
    lineStyle: { type: "dashed" as const, color: INK },
    itemStyle: { color: INK },
  };
  return render({
    ...common(title),
    xAxis: { ...axis("offered/s"), type: "value" },
    yAxis: { ...axis("done/s"), type: "value" },
    series: [...lines, diagonal],
  });
}

function common(title: string): EChartsOption {
  return {
    animation: false,
    backgroundColor: "transparent",
    color: COLOURS,
    title: { text: title, textStyle: { color: INK, fontSize: 15 } },
    legend: { type: "plain", bottom: 0, itemGap: 40, textStyle: { color: INK } },
    grid: { left: 70, right: 90, top: 50, bottom: 90 },
  };
}

function axis(name: string) {
  const line = { lineStyle: { color: INK, opacity: 0.3 } };
  return {
    name,
    nameTextStyle: { color: INK },
    axisLabel: { color: INK },
    axisLine: { lineStyle: { color: INK } },
    splitLine: line,
  };
}

/** echarts renders to text without any browser. */
function render(option: EChartsOption): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, ...SIZE });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
