import { z } from "zod";

import { matches } from "../../components/wildcard";
import { isLoopback } from "../plaintext";
import { plaintextIn } from "../plaintextIn";
import type { Finding, Resource, ResourceRule } from "../rule";
import { fieldsOf, isTrue, isUnknown, known, listOf, textOf } from "../values";

const config = z.strictObject({
  accept: z
    .array(z.string())
    .default([])
    .describe("Names of resources in the program that may be in the clear; `*` stands for anything."),
});

/** Refuses connections in the clear, in what resources say themselves and in the files that they carry. */
export const tls: ResourceRule<z.output<typeof config>> = {
  name: "tls-on",
  description:
    "Nothing is in the clear: APIs of clusters, registries, load balancers, Ingresses, the cloud's own API, and brokers, routers and services in every file that a resource carries.",
  source: "OpenStack Security Guide, Messaging security and Secure communication; Magnum API (tls_disabled)",
  level: "mandatory",
  config,
  check(resource, { accept }) {
    if (accept.some((pattern) => matches(pattern, resource.name))) return [];
    const own = (CHECKS[resource.type] ?? (() => []))(resource);
    return [...own, ...inFiles(resource)];
  },
};

type Check = (resource: Resource) => Finding[];

/** By type of resource, where its own properties turn TLS off. */
const CHECKS: Readonly<Record<string, Check>> = {
  "openstack:containerinfra/clusterTemplate:ClusterTemplate": clusterTemplate,
  "openstack:loadbalancer/listener:Listener": listener,
  "pulumi:providers:openstack": provider,
  "kubernetes:networking.k8s.io/v1:Ingress": ingress,
};

function clusterTemplate({ props }: Resource): Finding[] {
  const registry = textOf(props["insecureRegistry"]);
  return [
    ...(isTrue(props["tlsDisabled"])
      ? [
          {
            found: "`tlsDisabled` is true: the cluster's API is in the clear",
            allowed: "false",
            fix: "remove it (`tlsDisabled` and `accept: [plaintext-api]` of the template in this project's stacks)",
          },
        ]
      : []),
    ...(registry === undefined
      ? []
      : [
          {
            found: `\`insecureRegistry\` is ${registry}: images come in the clear`,
            allowed: "registries with TLS",
            fix: "remove it, and give the registry a certificate",
          },
        ]),
  ];
}

/** Source: Octavia API, Listeners: only `HTTP` reads what it balances without a certificate. */
function listener({ props }: Resource): Finding[] {
  if (textOf(props["protocol"])?.toUpperCase() !== "HTTP") return [];
  return [
    {
      found: "`protocol` is HTTP",
      allowed: "TERMINATED_HTTPS, HTTPS, or TCP for a service that has TLS itself",
      fix: "use TERMINATED_HTTPS with a certificate in Barbican",
    },
  ];
}

function provider({ props }: Resource): Finding[] {
  const url = textOf(props["authUrl"]);
  const host = url !== undefined && URL.canParse(url) ? new URL(url).hostname : "";
  return [
    ...(isTrue(props["insecure"])
      ? [
          {
            found: "`insecure` is true: the cloud's certificates are not checked",
            allowed: "false",
            fix: "give the cloud's authority (`cacert` in clouds.yaml)",
          },
        ]
      : []),
    ...(url?.startsWith("http:") === true && !isLoopback(host)
      ? [{ found: `\`authUrl\` is ${url}`, allowed: "https", fix: "use the cloud's https endpoint" }]
      : []),
  ];
}

function ingress({ props }: Resource): Finding[] {
  const entries = fieldsOf(props["spec"])["tls"];
  if (isUnknown(props["spec"]) || isUnknown(entries) || listOf(known(entries)).length > 0) return [];
  return [{ found: "`spec.tls` is missing", allowed: "a secret with a certificate", fix: "name one in `spec.tls`" }];
}

function inFiles({ props }: Resource): Finding[] {
  return plaintextIn(props).map(({ where, found, fix }) => ({
    found: `\`${where}\`: ${found}`,
    allowed: "TLS only",
    fix,
  }));
}
