import * as pulumi from "@pulumi/pulumi";

import { Canary } from "../components/analysis/data/Canary";
import { Cvmfs } from "../components/analysis/data/Cvmfs";
import { DataVolumes } from "../components/analysis/data/DataVolumes";
import { Eos } from "../components/analysis/data/Eos";
import { EosToken } from "../components/analysis/data/EosToken";
import { type DataAccess, dataMounts } from "../components/analysis/data/mounts";
import type { DataMounts } from "../components/analysis/kubernetes/mounts";
import type { SparkPlatform } from "../components/analysis/spark/SparkPlatform";
import { sparkVersionOf } from "../components/analysis/spark/versions";
import type { AnalysisLayer } from "./analysis";
import { canarySubject, eosCredential, eosSettings } from "./analysisPlan";
import type { DataConfig, EosConfig } from "./config/analysis/data";

/** Software and data in the cluster, and in every namespace that runs applications. */
export interface DataLayer {
  cvmfsClass?: pulumi.Output<string>;
  eosClass?: pulumi.Output<string>;
  /** How pods of a user mount them. */
  mountsOf: (user: number) => DataMounts;
  /** Keeps EOS's token, if one is configured, in a namespace of others' pods; `name` is the resource's. */
  keepToken: (name: string, namespace: pulumi.Input<string>) => EosToken | undefined;
  /** What pods of a namespace wait for. */
  ready: pulumi.Resource[];
}

export function createData(layer: AnalysisLayer, data: DataConfig, spark: SparkPlatform | undefined): DataLayer {
  const { charts: source } = layer.config;
  const { cvmfs: cvmfsConfig, eos: eosConfig } = data;
  const cvmfs = cvmfsConfig && new Cvmfs("cvmfs", { settings: cvmfsConfig, source }, layer.options);
  const eos = eosConfig && createEos(layer, eosConfig);
  const access: DataAccess = {
    ...(cvmfsConfig && { cvmfs: {} }),
    ...(eosConfig && { eos: { credential: eosCredential(eosConfig) } }),
  };
  const mountsOf = (user: number) => dataMounts(access, user);
  const classes = { cvmfsClass: cvmfs?.storageClass, eosClass: eos?.storageClass };
  const keepToken: DataLayer["keepToken"] = (name, namespace) =>
    eosConfig?.token && createToken(layer, eosConfig, name, namespace);
  const ready: pulumi.Resource[] = [];
  for (const space of Object.keys(layer.config.spark?.namespaces ?? {}).sort()) {
    const namespace = spark?.namespaces.apply((spaces) => spaces[space] ?? space) ?? space;
    const volumes = new DataVolumes(`data-${space}`, { namespace, instance: "data", ...classes }, layer.options);
    ready.push(volumes);
    const token = keepToken(`eos-token-${space}`, namespace);
    if (token !== undefined) ready.push(token);
    if (data.canary !== undefined) ready.push(createCanary(layer, data.canary, access, space, namespace, [...ready]));
  }
  return { ...classes, mountsOf, keepToken, ready };
}

function createEos({ config, options }: AnalysisLayer, eos: EosConfig): Eos {
  const keytab = eos.keytab === undefined ? undefined : pulumi.secret(eos.keytab);
  return new Eos("eos", { settings: eosSettings(eos), keytab, source: config.charts }, options);
}

function createToken(
  { options }: AnalysisLayer,
  { token, credential }: EosConfig,
  name: string,
  namespace: pulumi.Input<string>,
): EosToken {
  const { clientSecret, refreshToken, ...settings } = token!;
  return new EosToken(
    name,
    {
      ...{ namespace, settings, secret: credential?.secret },
      clientSecret: pulumi.secret(clientSecret),
      refreshToken: refreshToken === undefined ? undefined : pulumi.secret(refreshToken),
    },
    options,
  );
}

/** Reads from all of it once per namespace; in Spark's drivers and executors by the image of executors. */
function createCanary(
  layer: AnalysisLayer,
  canary: NonNullable<DataConfig["canary"]>,
  access: DataAccess,
  space: string,
  namespace: pulumi.Input<string>,
  dependsOn: pulumi.Resource[],
): Canary {
  const { image, schedule, timeout, spark } = canary;
  return new Canary(
    `canary-${space}`,
    {
      ...{ namespace, subject: canarySubject(layer.config), access, image, schedule, timeout },
      spark: spark && {
        ...spark,
        sparkVersion: sparkVersionOf(spark.image, spark.sparkVersion) ?? "",
        serviceAccount: "spark",
      },
    },
    { ...layer.options, dependsOn },
  );
}
