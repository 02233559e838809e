/** A Helm chart of somebody else's, at the version that this project's values are written for. */
export interface Chart {
  chart: string;
  version: string;
  /** Where it is published: the URL of a chart repository, or of a folder of an OCI registry (`oci://…`). */
  repository: string;
}

export const CHARTS = {
  "spark-operator": {
    chart: "spark-operator",
    version: "2.5.2",
    repository: "https://kubeflow.github.io/spark-operator",
  },
  jupyterhub: { chart: "jupyterhub", version: "4.4.0", repository: "https://hub.jupyter.org/helm-chart/" },
  "cvmfs-csi": {
    chart: "cvmfs-csi",
    version: "2.5.2",
    repository: "oci://registry.cern.ch/kubernetes/charts",
  },
  "eosxd-csi": {
    chart: "eosxd-csi",
    version: "1.4.5",
    repository: "oci://registry.cern.ch/kubernetes/charts",
  },
} as const satisfies Record<string, Chart>;

export type ChartName = keyof typeof CHARTS;

export interface ChartSource {
  /**
   * Where charts are taken from instead of where they are published: the URL of a chart repository, a folder of an OCI
   * registry (`oci://…`), or a folder of this machine that has each chart under its name, unpacked or as
   * `<name>-<version>.tgz`. Default: where each is published.
   */
  mirror?: string;
  /** Another version of the chart; its values may differ. Default: the one of `CHARTS`. */
  version?: string;
}

/** What Helm is told of a chart's source. */
export interface ChartReference {
  chart: string;
  version?: string;
  repository?: string;
}

/** The source of a chart in Helm's terms: OCI charts and those of folders carry it in their own name. */
export function chartReference(name: ChartName, { mirror, version }: ChartSource = {}): ChartReference {
  const published: Chart = CHARTS[name];
  const source = mirror ?? published.repository;
  const wanted = version ?? published.version;
  if (source.startsWith("oci://"))
    return { chart: `${source.replace(/\/+$/, "")}/${published.chart}`, version: wanted };
  if (/^https?:\/\//.test(source)) return { chart: published.chart, version: wanted, repository: source };
  return { chart: `${source.replace(/\/+$/, "")}/${published.chart}` };
}
