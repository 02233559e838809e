import { serviceRoot } from "../../../components/cloud/catalog";
import { findCredentials } from "../../../components/cloud/credentials";
import { httpFor } from "../../../components/cloud/http";
import { logIn } from "../../../components/cloud/keystone";
import type { TemplatePlan } from "../../../components/clusters/templatePlan";
import { CHECKOUT } from "../../../tools/workspace/workspace";
import { userCloud } from "../../support/sandbox/cloud";

/** What Magnum's API answered. */
export interface Answer {
  status: number;
  /** Its words: of an error the detail. */
  text: string;
  uuid?: string;
}

export type Magnum = (method: "GET" | "POST" | "DELETE", path: string, body?: unknown) => Promise<Answer>;

/** Magnum's real API, at the newest microversion. */
export async function magnumOf(cloud: "sandbox" | "sandbox-admin"): Promise<Magnum> {
  const env = { ...(await userCloud()), OS_CLOUD: cloud };
  const credentials = findCredentials(undefined, env, CHECKOUT);
  if (credentials === undefined) throw new Error("the sandbox has no credentials");
  const http = httpFor(credentials);
  const session = await logIn(credentials, http);
  const root = serviceRoot(session.catalog, "containerInfra", { ...credentials, projectId: session.projectId });
  const headers = {
    "X-Auth-Token": session.token,
    "Content-Type": "application/json",
    "OpenStack-API-Version": "container-infra latest",
  };
  return async (method, path, body) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await http(`${root}${path}`, { method, headers, ...sent });
    const text = await answer.text();
    const { uuid, errors } = parsed(text);
    return { status: answer.status, text: errors?.[0]?.detail ?? text, uuid };
  };
}

function parsed(text: string): { uuid?: string; errors?: { detail: string }[] } {
  try {
    return JSON.parse(text) as { uuid?: string; errors?: { detail: string }[] };
  } catch {
    return {};
  }
}

/** The request that the provider makes of a planned template (gophercloud, containerinfra/v1/clustertemplates). */
export function templateBody(plan: TemplatePlan, external: string): Record<string, unknown> {
  return {
    name: plan.name,
    coe: plan.engine,
    image_id: plan.image,
    flavor_id: plan.flavor,
    master_flavor_id: plan.masterFlavor,
    server_type: plan.serverType,
    keypair_id: plan.keyPair,
    network_driver: plan.networkDriver,
    volume_driver: plan.volumeDriver,
    docker_volume_size: plan.dockerVolumeSize,
    docker_storage_driver: plan.dockerStorageDriver,
    external_network_id: external,
    fixed_network: plan.fixedNetwork,
    fixed_subnet: plan.fixedSubnet,
    dns_nameserver: plan.dnsNameservers?.join(","),
    http_proxy: plan.httpProxy,
    https_proxy: plan.httpsProxy,
    no_proxy: plan.noProxy?.join(","),
    master_lb_enabled: plan.masterLoadBalancer,
    floating_ip_enabled: plan.floatingIps,
    registry_enabled: plan.registryEnabled,
    insecure_registry: plan.insecureRegistry,
    apiserver_port: plan.apiserverPort,
    tls_disabled: plan.tlsDisabled,
    labels: plan.labels,
  };
}
