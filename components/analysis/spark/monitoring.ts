/** Kind of Prometheus' operator that says which pods are read. */
export const MONITORING_API = { apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor" } as const;

/** Name that Spark gives the port of a driver's UI. */
const UI_PORT = "spark-ui";

/**
 * `spec` of a PodMonitor for drivers. Executors serve nothing themselves: their driver does for them, at a path of its
 * own (https://spark.apache.org/docs/4.0.0/monitoring.html).
 */
export function driverMonitor() {
  const paths = ["/metrics/prometheus/", "/metrics/executors/prometheus/"];
  return {
    selector: { matchLabels: { "spark-role": "driver" } },
    podTargetLabels: ["sparkoperator.k8s.io/app-name", "app.kubernetes.io/instance"],
    podMetricsEndpoints: paths.map((path) => ({ port: UI_PORT, path, interval: "30s" })),
  };
}
