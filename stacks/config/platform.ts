import { targetFindings } from "./analysisTarget";
import { missingClusterValues } from "./clusters";
import { isGiven } from "./given";
import type { StackConfig } from "./schema";

/** A mistake that only shows when sections are seen together. */
export interface PlatformFinding {
  path: string[];
  message: string;
}

/** What a stack needs of its platform and does not say, or says and the platform does not have. */
export function platformFindings(config: StackConfig): PlatformFinding[] {
  const target = targetFindings(config);
  if (config.docker !== undefined) return [...foreignOnDocker(config), ...target];
  const clusters = config.clusters === undefined ? [] : missingClusterValues(config.clusters);
  return [...missingOnCloud(config), ...clusters, ...target];
}

/** Servers need a flavor and an image; containers do not. */
function missingOnCloud({ messaging }: StackConfig): PlatformFinding[] {
  if (messaging === undefined) return [];
  const { broker, rpc } = messaging;
  const parts = { ...(broker.external === undefined && { broker }), ...(rpc !== undefined && { rpc }) };
  return Object.entries(parts).flatMap(([part, given]) =>
    (["flavor", "image"] as const)
      .filter((key) => given[key] === undefined)
      .map((key) => ({
        path: ["messaging", part, key],
        message: `\`messaging.${part}.${key}\` is missing; servers need one. It must be a name that the cloud knows`,
      })),
  );
}

/** Settings that mean nothing on a Docker host, and why. Nothing is dropped silently. */
function foreignOnDocker(config: StackConfig): PlatformFinding[] {
  const network: readonly string[] = [
    "existing",
    "external",
    "ipv6Cidr",
    "dnsNameservers",
    "dnsDomain",
    "mtu",
    "adminCidrs",
  ];
  const refused: [path: string[], why: string][] = [
    [["clusters"], "Magnum makes clusters, and a Docker host has none; give them a stack of their own on a cloud"],
    [["reads", "network"], "containers get a network of their own; give it as `network`"],
    ...["name", "region", "keyPair"].map((key): [string[], string] => [
      ["cloud", key],
      "there is no cloud to log in to",
    ]),
    [["cloud", "protectVolumes"], "Docker's volumes go with their stack"],
    ...network.map((key): [string[], string] => [["network", key], "Docker's network has a `cidr` and `zones` only"]),
    ...["flavor", "image"].flatMap((key): [string[], string][] =>
      ["broker", "rpc"].map((part) => [["messaging", part, key], "containers have an image only, `containerImage`"]),
    ),
    [["messaging", "broker", "volumeType"], "Docker's volumes have no type"],
    [["messaging", "broker", "external"], "brokers that are there already need no local stack"],
    [["messaging", "matchmaker"], "it belongs to mode `direct`, for which nothing is deployed"],
  ];
  return [
    ...refused
      .filter(([path]) => isGiven(config, path))
      .map(([path, why]) => ({
        path,
        message: `\`${path.join(".")}\` is of no use beside \`docker\`: ${why}. Remove one of the two`,
      })),
    ...unsupported(config),
  ];
}

/** Values that a Docker host has no counterpart of. */
function unsupported({ messaging, network }: StackConfig): PlatformFinding[] {
  const findings: PlatformFinding[] = [];
  const add = (path: string[], rest: string) => findings.push({ path, message: `\`${path.join(".")}\` ${rest}` });
  if (messaging !== undefined && network === undefined) {
    add(["network"], "is missing; with `docker` it must give the range of the containers' network, as `cidr`");
  }
  if (messaging?.mode === "direct") {
    add(["messaging", "mode"], "must be `vanilla` or `hybrid` on Docker, got `direct`: it deploys no RPC transport");
  }
  if (messaging !== undefined && messaging.broker.kind !== "rabbitmq") {
    add(["messaging", "broker", "kind"], `must be \`rabbitmq\` on Docker, got \`${messaging.broker.kind}\``);
  }
  if (Object.keys(messaging?.rpc?.sites ?? {}).length > 0) {
    add(["messaging", "rpc", "sites"], "must be empty on Docker: other sites cannot reach the network of one host");
  }
  return findings;
}
