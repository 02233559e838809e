// `openstack-fabric/kubernetes`: what puts something on a Kubernetes; the program brings @pulumi/kubernetes.
export * from "../analysis/data/Canary";
export * from "../analysis/data/Cvmfs";
export * from "../analysis/data/DataVolumes";
export * from "../analysis/data/Eos";
export * from "../analysis/data/EosToken";
export * from "../analysis/hub/Hub";
export * from "../analysis/hub/NotebookSpark";
export * from "../analysis/kubernetes/ChartRelease";
export * from "../analysis/kubernetes/WorkloadNamespace";
export * from "../analysis/runs/Analysis";
export * from "../analysis/spark/HistoryServer";
export * from "../analysis/spark/ScheduledSparkApplication";
export * from "../analysis/spark/SparkApplication";
export * from "../analysis/spark/SparkJobNamespace";
export * from "../analysis/spark/SparkPlatform";
export * from "../clusters/client/KubernetesClient";
