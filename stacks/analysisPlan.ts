import { dirname, resolve } from "node:path";

import { canaryPaths, type CanarySubject } from "../components/analysis/data/canaryPlan";
import { planCvmfs } from "../components/analysis/data/cvmfsPlan";
import { KEYTAB_SECRET, planEos } from "../components/analysis/data/eosPlan";
import { hubCode } from "../components/analysis/hub/hubCode";
import { planHub } from "../components/analysis/hub/hubPlan";
import { loadAnalysis } from "../components/analysis/runs/load";
import { clusterFindings, type PlannedRun, planRun } from "../components/analysis/runs/plan";
import { checkPlatform, type PlatformPlan } from "../components/analysis/spark/platform";
import { attempt, UserError } from "../components/errors";
import type { EosConfig } from "./config/analysis/data";
import type { AnalysisConfig } from "./config/schema";

const NO_MOUNTS = { volumes: [], volumeMounts: [] };

/** The analysis layer of a stack, as far as files and other parts of the configuration decide it. */
export interface AnalysisPlan {
  runs: Record<string, PlannedRun>;
}

/**
 * Plans the analysis layer: reads the definitions of its analyses, whose paths are relative to the stack's file.
 * @throws UserError with every mistake of every part.
 */
export function planAnalysis(config: AnalysisConfig, file: string): AnalysisPlan {
  const findings: string[] = [];
  const { cvmfs, eos, canary } = config.data ?? {};
  if (cvmfs !== undefined) attempt(findings, () => planCvmfs(cvmfs));
  if (eos !== undefined) attempt(findings, () => planEos(eosSettings(eos)));
  if (canary !== undefined) attempt(findings, () => canaryPaths(canarySubject(config)));
  const { hub, spark } = config;
  if (hub !== undefined) attempt(findings, () => planHub(hub, () => NO_MOUNTS, hubCode()));
  if (spark !== undefined) attempt(findings, () => checkPlatform(platformOf(config, spark)));
  const runs: Record<string, PlannedRun> = {};
  for (const key of Object.keys(config.analyses)) {
    const run = attempt(findings, () => planOne(config, key, file));
    if (run !== undefined) runs[key] = run;
  }
  if (findings.length > 0) throw UserError.all(findings);
  return { runs };
}

/** What is checked of Spark's platform; what its paths are called in the configuration is said by the error. */
function platformOf(config: AnalysisConfig, spark: NonNullable<AnalysisConfig["spark"]>): PlatformPlan {
  const apiServer = config.apiServer ?? { cidrs: ["10.0.0.0/8"] };
  return { ...spark, apiServer, credentials: spark.credentials !== undefined };
}

/** Path of an analysis's definition. */
export function definitionOf({ analyses }: AnalysisConfig, key: string, file: string): string {
  return resolve(dirname(file), analyses[key]?.definition ?? "");
}

/** Values of parameters as the definition reads them. */
export function parametersOf({ analyses }: AnalysisConfig, key: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(analyses[key]?.parameters ?? {}).map(([name, value]) => [name, String(value)]),
  );
}

/** What the canary reads: all that is mounted. */
export function canarySubject({ data }: AnalysisConfig): CanarySubject {
  const { cvmfs, eos, canary } = data ?? {};
  return {
    repositories: cvmfs?.repositories,
    instances: Object.keys(eos?.instances ?? {}),
    files: canary?.files,
  };
}

/** The driver's settings, without what is a secret or a pod's own. */
export function eosSettings(config: EosConfig) {
  const { keytab, credential, token, ...settings } = config;
  return keytab === undefined ? settings : { ...settings, keytabSecret: KEYTAB_SECRET };
}

/** By what EOS knows pods; nothing where it is the node's keytab. */
export function eosCredential({ credential, login }: EosConfig) {
  if (credential === undefined || login === "keytab") return undefined;
  return { ...credential, kind: login };
}

function planOne(config: AnalysisConfig, key: string, file: string): PlannedRun {
  const at = `analysis.analyses.${key}`;
  const { rerun, to, schedule } = config.analyses[key]!;
  if (config.spark === undefined)
    throw new UserError(`\`${at}\` needs \`analysis.spark\`: its namespaces are where analyses run.`);
  const namespaces = Object.keys(config.spark.namespaces);
  const namespace = config.analyses[key]?.namespace ?? namespaces[0] ?? "";
  if (!namespaces.includes(namespace))
    throw new UserError(
      `\`${at}.namespace\` must be one of analysis.spark.namespaces (${namespaces.join(", ")}), got \`${namespace}\`.`,
    );
  const findings: string[] = [];
  const run = attempt(findings, () =>
    planRun(loadAnalysis(definitionOf(config, key, file)), {
      parameters: parametersOf(config, key),
      rerun,
      to,
      schedule,
    }),
  );
  if (run !== undefined) findings.push(...clusterFindings(run, config.spark.store !== undefined));
  if (run === undefined || findings.length > 0) throw UserError.all(findings.map((finding) => `\`${at}\`: ${finding}`));
  return run;
}
