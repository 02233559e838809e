import type { DataMounts } from "../kubernetes/mounts";
import type { DynamicAllocation } from "./allocation";
import type { Language, PodSize } from "./memory";
import type { NodeShape } from "./nodes";
import type { EventLogs, ObjectStore } from "./objectStore";
import type { Placement } from "./placement";

/** What an application needs beside its own file: places that Spark fetches from, such as `local:///opt/…`, `s3a://…`. */
export interface ApplicationDependencies {
  jars?: string[];
  files?: string[];
  pyFiles?: string[];
  archives?: string[];
  /** Maven coordinates, `group:artifact:version`; the driver must reach a repository. */
  packages?: string[];
  /** Repositories beside Maven Central. */
  repositories?: string[];
}

/** What happens to a run that failed. */
export interface RestartPolicy {
  /** Default `OnFailure`. `Always` is for streams, which never succeed. In place, for runs to come. */
  policy?: "Never" | "OnFailure" | "Always";
  /** Runs after the first, and submissions after the first. Default 3. In place, for runs to come. */
  retries?: number;
  /** Seconds before another. Default 30. In place, for runs to come. */
  interval?: number;
}

/** Executors of a run. */
export interface ExecutorSize extends PodSize {
  /** Their number, 1 to 10,000, where `allocation` does not decide it. Default 2. New runs have it. */
  instances?: number;
}

/**
 * A Spark application: what runs, with how much, and on which nodes. A change of anything makes the operator end the
 * run and begin anew, unless it is said to be in place.
 */
export interface ApplicationArgs {
  language: Language;
  /** Image with a tag or digest, of driver and executors. */
  image: string;
  /** Spark's version in the image, such as `4.0.4`. Default: what the image's tag begins with. */
  sparkVersion?: string;
  /** The file that runs, in the image (`local:///opt/app/main.py`) or where Spark can fetch it. */
  mainApplicationFile: string;
  /** Class that runs; needed for Java and Scala. */
  mainClass?: string;
  arguments?: string[];
  dependencies?: ApplicationDependencies;
  /** Default: 1 core, 1g. */
  driver?: PodSize;
  /** Default: 2 of 1 core, 1g. */
  executor?: ExecutorSize;
  /** Executors that come and go. Default: a fixed number. */
  allocation?: DynamicAllocation;
  /** Object storage that the application reads and writes, and where its event logs go. Default: none. */
  store?: ObjectStore;
  /** Where its event logs go, in `store`. Default: nowhere. */
  eventLogs?: EventLogs;
  /** Whether an executor whose node goes hands its blocks to others. Default true. */
  decommission?: boolean;
  /** Where executors run. Default: everywhere. */
  placement?: Placement;
  /** Where the driver runs. Default: everywhere. */
  driverPlacement?: Placement;
  /** The cluster's node groups, by which too large pods are refused. Default: not known. */
  nodes?: Record<string, NodeShape>;
  /** Software and data of the site, for driver and executors. Default: none. */
  mounts?: DataMounts;
  /** Variables of driver and executors; no secrets. */
  environment?: Record<string, string>;
  /** Further properties of Spark; no secrets, and nothing that an argument says. */
  conf?: Record<string, string>;
  restart?: RestartPolicy;
  /**
   * Seconds after its end in which the application's object stays. Default: until it is removed. In place. An object
   * that removes itself is made, and run, anew by the next update: leave it out for what is managed here.
   */
  timeToLive?: number;
  /** Whether metrics are served for Prometheus, at the driver's UI. Default true. */
  metrics?: boolean;
  /** Service account of the driver. Default `spark`. */
  serviceAccount?: string;
  /** Service account of the executors, which needs no rights. Default `spark-executor`. */
  executorServiceAccount?: string;
}
