import { X509Certificate } from "node:crypto";

import { connect } from "../../cloud/client";
import { type Credentials, findCredentials, leadNowhere, NoCloudsFile } from "../../cloud/credentials";
import { UserError } from "../../errors";
import { clusterCa, signByClusterCa } from "./magnumCa";

/** What makes a signed certificate. */
export interface SigningInputs {
  clusterId: string;
  csrPem: string;
  /** Another value has it signed anew. */
  serial: string;
  /** Entry of clouds.yaml; empty for `OS_CLOUD` or the `OS_*` variables. */
  cloud: string;
  region: string;
}

/** What is kept of it. */
export interface SigningOutputs extends SigningInputs {
  certificatePem: string;
  caPem: string;
}

/** A certificate is signed anew this long before it ends. Magnum's last five years by default. */
const RENEW_BEFORE_MS = 30 * 24 * 3600 * 1000;

/** Has the request signed. The certificate's serial number is the resource's id. */
export async function create(inputs: SigningInputs): Promise<{ id: string; outs: SigningOutputs }> {
  const credentials = credentialsOf(inputs);
  if (credentials === undefined) {
    throw new UserError("No cloud is configured to sign a cluster's certificate: set OS_CLOUD or the OS_* variables.");
  }
  const client = await connect(credentials);
  const certificatePem = await signByClusterCa(client, inputs.clusterId, inputs.csrPem);
  const caPem = await clusterCa(client, inputs.clusterId);
  if (caPem === undefined) throw new UserError(`Cluster ${inputs.clusterId} went while its certificate was signed.`);
  return { id: new X509Certificate(certificatePem).serialNumber, outs: { ...inputs, certificatePem, caPem } };
}

/** What asks for a new certificate: another input, an end that is near, or a rotated authority. */
export async function reasonsToSign(old: SigningOutputs, now: SigningInputs): Promise<string[]> {
  const changed = (["clusterId", "csrPem", "serial"] as const).filter((field) => old[field] !== now[field]);
  if (changed.length > 0) return changed;
  if (endsSoon(old.certificatePem)) return ["certificatePem"];
  const ca = await currentCa(now);
  return ca === undefined || ca === old.caPem ? [] : ["caPem"];
}

function endsSoon(pem: string): boolean {
  return new X509Certificate(pem).validToDate.getTime() - Date.now() < RENEW_BEFORE_MS;
}

/** The authority's certificate now; nothing where there are no credentials to ask by, or the cluster is gone. */
async function currentCa(inputs: SigningInputs): Promise<string | undefined> {
  const credentials = credentialsIfAny(inputs);
  if (credentials === undefined) return undefined;
  return clusterCa(await connect(credentials), inputs.clusterId);
}

/** A preview by recorded facts may name a cloud that this machine has no clouds.yaml for, or a placeholder. */
function credentialsIfAny(inputs: SigningInputs): Credentials | undefined {
  try {
    const credentials = credentialsOf(inputs);
    return credentials === undefined || leadNowhere(credentials) ? undefined : credentials;
  } catch (error) {
    if (error instanceof NoCloudsFile) return undefined;
    throw error;
  }
}

function credentialsOf({ cloud, region }: SigningInputs): Credentials | undefined {
  const environment = region === "" ? process.env : { ...process.env, OS_REGION_NAME: region };
  return findCredentials(cloud === "" ? undefined : cloud, environment, process.cwd());
}
