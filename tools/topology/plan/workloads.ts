import type { AnalysisConfig } from "../../../stacks/config/schema";
import type { Thing } from "../inventory";
import { byText, counted, listed, wrapped } from "../model";

/** Columns of names in a box of the analysis layer. */
const WIDTH = 32;

/** What the analysis layer runs: Spark, software and data, the hub, analyses. Only names and numbers are taken. */
export function workloadsOf(analysis: AnalysisConfig | undefined): Thing[] {
  if (analysis === undefined) return [];
  const { spark, standalone, data, hub, analyses } = analysis;
  return [
    ...(standalone === undefined ? [] : [standaloneSpark(standalone)]),
    ...(spark === undefined ? [] : [platform(spark)]),
    ...(hub === undefined ? [] : [hubThing(hub)]),
    ...(data?.cvmfs === undefined ? [] : [cvmfs(data.cvmfs)]),
    ...(data?.eos === undefined ? [] : [eos(data.eos)]),
    ...Object.entries(analyses)
      .sort(([a], [b]) => byText(a, b))
      .map(([key, run]) => analysisThing(key, run, spark)),
  ];
}

function standaloneSpark({ on, workers }: NonNullable<AnalysisConfig["standalone"]>): Thing {
  const place = on === "swarm" ? "on the Swarm" : "on one Docker host";
  const lines = [
    `master and ${counted(workers.replicas, "worker")}, ${place}`,
    `${workers.cores} cores · ${workers.memory} each`,
  ];
  return { key: "spark", title: "Spark", lines };
}

function platform({ namespaces, history, eventLogs }: NonNullable<AnalysisConfig["spark"]>): Thing {
  const names = Object.keys(namespaces).sort();
  const parts = [
    "operator",
    ...(history === undefined ? [] : ["history server"]),
    ...(eventLogs === undefined ? [] : ["event logs"]),
  ];
  const lines = [parts.join(" · "), ...wrapped(listed(names), WIDTH)];
  return { key: "spark", title: "Spark", lines, tooltip: [...lines, ...names.map((name) => `namespace ${name}`)] };
}

function hubThing({ namespace, profiles, login }: NonNullable<AnalysisConfig["hub"]>): Thing {
  const lines = [`login by ${login.kind}`, counted(Object.keys(profiles).length, "profile")];
  return { key: "hub", title: "JupyterHub", lines, tooltip: [...lines, `namespace ${namespace}`] };
}

type DataConfig = NonNullable<AnalysisConfig["data"]>;

function cvmfs({ repositories }: NonNullable<DataConfig["cvmfs"]>): Thing {
  return {
    key: "cvmfs",
    title: "CVMFS",
    lines: listed([...repositories].sort(), 4),
    tooltip: [...repositories].sort(),
  };
}

function eos({ instances }: NonNullable<DataConfig["eos"]>): Thing {
  const names = Object.keys(instances)
    .sort()
    .map((key) => `/eos/${key}`);
  return { key: "eos", title: "EOS", lines: listed(names, 4), tooltip: names };
}

function analysisThing(key: string, run: AnalysisConfig["analyses"][string], spark: AnalysisConfig["spark"]): Thing {
  const namespace = run.namespace ?? Object.keys(spark?.namespaces ?? {})[0];
  const groups = run.nodeGroups === undefined ? [] : [`on ${run.nodeGroups.join(", ")}`];
  const lines = [...(namespace === undefined ? [] : [`in ${namespace}`]), ...groups];
  return { key: `analysis-${key}`, title: `Analysis ${key}`, lines };
}
