import type { ApplicationArgs } from "../../../components/analysis/spark/applicationArgs";

/** An application that uses everything that one can. */
export const fullApplication: ApplicationArgs = {
  language: "Python",
  image: "registry.example.org/spark-hep:4.0.4",
  mainApplicationFile: "local:///opt/analysis/dimuon.py",
  arguments: ["--input", "s3a://data/events"],
  dependencies: { pyFiles: ["local:///opt/analysis/lib.zip"], files: ["s3a://data/luminosity.json"] },
  driver: { cores: 2, memory: "4g" },
  executor: { cores: 4, memory: "8g" },
  allocation: { min: 2, max: 100, initial: 10, shuffleTimeout: 1800 },
  store: { endpoint: "https://s3.example.org", credentials: "spark-object-store" },
  eventLogs: { bucket: "spark-logs" },
  placement: {
    nodeGroups: ["large", "larger"],
    roles: ["batch"],
    tolerations: [{ key: "batch", operator: "Exists", effect: "NoSchedule" }],
  },
  driverPlacement: { nodeGroups: ["services"] },
  nodes: {
    services: { cores: 4, memoryMiB: 16_384 },
    large: { cores: 8, memoryMiB: 32_768 },
    larger: { cores: 32, memoryMiB: 131_072 },
  },
  mounts: {
    volumes: [
      { name: "cvmfs", persistentVolumeClaim: { claimName: "cvmfs" } },
      { name: "eos", csi: { driver: "eosxd.csi.cern.ch", volumeAttributes: { instance: "user" } } },
    ],
    volumeMounts: [
      { name: "cvmfs", mountPath: "/cvmfs", mountPropagation: "HostToContainer", readOnly: true },
      { name: "eos", mountPath: "/eos", mountPropagation: "HostToContainer" },
    ],
    env: [{ name: "CVMFS_REPOSITORY", value: "sft.cern.ch" }],
  },
  environment: { STAGE: "test" },
  conf: { "spark.sql.shuffle.partitions": "400" },
  restart: { policy: "OnFailure", retries: 2, interval: 60 },
};
