import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { parse } from "yaml";

import type { sparkSpec } from "../../../components/analysis/runs/sparkManifest";
import { pythonEnv } from "../../../tools/workspace/pythonEnv";
import { CHECKOUT } from "../../../tools/workspace/workspace";

type Spec = ReturnType<typeof sparkSpec>;

/** A driver on this machine that has asked for its executors. */
export interface SparkDriver {
  applicationId: string;
  /** Ends it, as a driver ends that has done its work. */
  stop(): Promise<void>;
}

/**
 * Starts a real Spark driver that asks an API for the executors of an application, with the properties that the
 * operator makes of its fields, and its executors' template. The driver is here, not in a pod: nothing runs in kwok's.
 */
export async function startDriver(spec: Spec, namespace: string, login: Login): Promise<SparkDriver> {
  const { python } = await pythonEnv("pyspark", [`pyspark==${spec.sparkVersion}`]);
  const folder = mkdtempSync(join(tmpdir(), "fabric-spark-driver-"));
  const put = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const template = put("executor.json", JSON.stringify({ apiVersion: "v1", kind: "Pod", ...spec.executor.template }));
  const conf = { ...connection(login, put), ...executorConf(spec, namespace, template) };
  const script = join(CHECKOUT, "test/support/analysis/spark_driver.py");
  const child = spawn(python, [script, put("conf.json", JSON.stringify(conf))], {
    stdio: "pipe",
    env: { ...process.env, SPARK_LOCAL_IP: "127.0.0.1" },
  });
  const errors: string[] = [];
  child.stderr.on("data", (data: Buffer) => errors.push(data.toString()));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (text) => text.startsWith("asked ") && resolve(text));
    child.once("exit", () => reject(new Error(`the driver ended: ${errors.join("").slice(-4000)}`)));
  });
  return { applicationId: line.split(" ")[1] ?? "", stop };
}

/** The properties that the operator makes of an application's fields (its `submission.go`). */
function executorConf(spec: Spec, namespace: string, template: string): Record<string, string> {
  const { executor } = spec;
  return {
    ...spec.sparkConf,
    "spark.app.name": "executors",
    "spark.submit.deployMode": "client",
    "spark.kubernetes.namespace": namespace,
    "spark.kubernetes.container.image": spec.image,
    "spark.executor.instances": String(executor.instances),
    "spark.executor.cores": String(executor.cores),
    "spark.executor.memory": executor.memory,
    "spark.executor.memoryOverhead": executor.memoryOverhead,
    "spark.kubernetes.executor.limit.cores": executor.coreLimit,
    "spark.kubernetes.authenticate.executor.serviceAccountName": executor.serviceAccount,
    "spark.kubernetes.executor.podTemplateFile": template,
    "spark.kubernetes.executor.podTemplateContainerName": "spark-kubernetes-executor",
    // Executors of kwok never register: there is no use in waiting for them.
    "spark.scheduler.maxRegisteredResourcesWaitingTime": "1s",
    // By itself Spark asks for five a second: a thousand would take minutes.
    "spark.kubernetes.allocation.batch.size": "50",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
  };
}

interface Kubeconfig {
  clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
}

/** How the driver finds the API, as whom. */
export interface Login {
  kubeconfig: string;
  /** Token of the driver's service account. */
  token: string;
}

function connection({ kubeconfig, token }: Login, put: (name: string, content: string) => string) {
  const { cluster } = (parse(kubeconfig) as Kubeconfig).clusters[0];
  const ca = Buffer.from(cluster["certificate-authority-data"], "base64").toString();
  return {
    "spark.master": `k8s://${cluster.server}`,
    "spark.kubernetes.authenticate.caCertFile": put("ca.pem", ca),
    "spark.kubernetes.authenticate.oauthToken": token,
  };
}
