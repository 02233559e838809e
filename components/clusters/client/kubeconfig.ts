import { stringify } from "yaml";

export interface KubeconfigParts {
  /** Name of the cluster, the context and, with the user, of the entry. */
  cluster: string;
  /** URL of the API, such as `https://10.0.0.5:6443`. */
  server: string;
  /** The user that the certificate is for. */
  user: string;
  caPem: string;
  certificatePem: string;
  keyPem: string;
  /** Namespace of commands that name none. Default: Kubernetes' own, `default`. */
  namespace?: string;
}

/** A kubeconfig with everything in it, as `kubectl` and every client library read it. */
export function renderKubeconfig(parts: KubeconfigParts): string {
  const { cluster, server, user, namespace } = parts;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: cluster, cluster: { server, "certificate-authority-data": base64(parts.caPem) } }],
    users: [
      {
        name: user,
        user: {
          "client-certificate-data": base64(parts.certificatePem),
          "client-key-data": base64(parts.keyPem),
        },
      },
    ],
    contexts: [{ name: cluster, context: { cluster, user, ...(namespace === undefined ? {} : { namespace }) } }],
    "current-context": cluster,
  });
}

/**
 * A kubeconfig without a credential: who uses it logs in with Keystone, by their own `OS_*` variables or clouds.yaml.
 * It takes `client-keystone-auth` of cloud-provider-openstack on PATH, and a cluster with Keystone's webhook.
 */
export function renderKeystoneKubeconfig({
  cluster,
  server,
  caPem,
}: Pick<KubeconfigParts, "cluster" | "server" | "caPem">): string {
  const user = "keystone";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: cluster, cluster: { server, "certificate-authority-data": base64(caPem) } }],
    users: [
      {
        name: user,
        user: {
          exec: {
            // The version that it answers with (cmd/client-keystone-auth/main.go).
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "client-keystone-auth",
            interactiveMode: "IfAvailable",
            installHint: "client-keystone-auth is part of cloud-provider-openstack; it must be on PATH.",
          },
        },
      },
    ],
    contexts: [{ name: cluster, context: { cluster, user } }],
    "current-context": cluster,
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
