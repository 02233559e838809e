import { z } from "zod";

import type { CloudClient } from "../../cloud/client";

const certificateSchema = z.object({ pem: z.string() });

/** The certificate of a cluster's own authority, PEM; nothing where the cluster is gone. Magnum can rotate it. */
export async function clusterCa(client: CloudClient, clusterId: string): Promise<string | undefined> {
  return (await client.find("containerInfra", `/certificates/${clusterId}`, certificateSchema))?.pem;
}

/** Has a certificate request signed by a cluster's own authority; gives the certificate, PEM. */
export async function signByClusterCa(client: CloudClient, clusterId: string, csr: string): Promise<string> {
  const request = { cluster_uuid: clusterId, csr };
  return (await client.ask("containerInfra", "/certificates", request, certificateSchema)).pem;
}
