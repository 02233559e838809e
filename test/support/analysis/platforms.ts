import type { SparkPlatformArgs } from "../../../components/analysis/spark/SparkPlatform";

/** A platform that uses everything that one can. */
export const fullPlatform: SparkPlatformArgs = {
  namespaces: {
    physics: {
      quota: { "limits.cpu": "200", "limits.memory": "800Gi", pods: "400" },
      egress: [{ name: "eos", cidrs: ["192.0.2.0/24"], ports: [1094] }],
    },
    alpha: {},
  },
  operator: { replicas: { controller: 2 } },
  apiServer: { cidrs: ["10.254.0.1/32", "10.20.0.0/24"] },
  egress: [{ name: "object-storage", cidrs: ["198.51.100.0/24"], ports: [443] }],
  store: { endpoint: "https://s3.example.org" },
  credentials: { accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUt-secret" },
  eventLogs: { bucket: "spark-logs" },
  history: { image: "registry.example.org/spark-s3:4.0.4", readers: ["jupyterhub"] },
  monitoring: { namespaces: ["monitoring"], podMonitors: true },
};
