import type { planSparkApplication } from "../../../components/analysis/spark/application";
import type { Manifest } from "./manifests";

interface Template {
  metadata: { labels: Record<string, string> };
  spec: { containers: object[] } & Record<string, unknown>;
}

/**
 * A driver's or executor's pod as Spark makes it of an application: it takes the template's pod and adds image,
 * resources, its own labels and its account (BasicDriverFeatureStep and BasicExecutorFeatureStep of Spark 4.0).
 */
export function sparkPod(
  name: string,
  namespace: string,
  application: ReturnType<typeof planSparkApplication>,
  role: "driver" | "executor",
): Manifest {
  const { template, cores, memory, memoryOverhead, serviceAccount } = application[role];
  const { metadata, spec } = template as Template;
  const [main] = spec.containers;
  const total = `${parseInt(memory, 10) + parseInt(memoryOverhead, 10)}Mi`;
  const resources = {
    requests: { cpu: String(cores), memory: total },
    limits: { cpu: application[role].coreLimit, memory: total },
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name, namespace, labels: { ...metadata.labels, "spark-role": role } } as object,
    spec: {
      ...spec,
      ...{ serviceAccountName: serviceAccount, restartPolicy: "Never" },
      containers: [{ ...main, image: application.image, args: [role], resources }],
    },
  };
}
