import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import type { MessagingBackend } from "../../components/messaging/backend/MessagingBackend";
import type { ServiceFile } from "../../components/oslo/serviceConfig";
import { parseConfig } from "../../stacks/config/parse";
import type { Layer } from "../../stacks/layer";
import { planStack } from "../../stacks/plan";
import { serviceOutputs } from "../../stacks/services";

const PASSWORD = "seeded-secret";
const OURS = "-----BEGIN CERTIFICATE-----\nours\n";
const THEIRS = "-----BEGIN CERTIFICATE-----\ntheirs\n";

/** The outputs of a stack whose backend gives these URLs. */
function outputsOf(messaging: object) {
  const config = parseConfig(
    {
      cloud: { release: "2023.1" },
      network: { zones: ["az-1"], cidr: "10.20.0.0/16" },
      messaging: { mode: "vanilla", services: ["nova"], broker: { flavor: "m1", image: "debian-12" }, ...messaging },
    },
    { file: "Pulumi.x.yaml" },
  );
  const url = pulumi.secret({ nova: `rabbit://nova:${PASSWORD}@one:5671/openstack` });
  const backend = { rpcTransportUrls: url, notificationTransportUrls: url, caPem: pulumi.output(OURS) };
  const layer = { config, plan: planStack(config, "prod") };
  if (config.messaging === undefined) throw new Error("no messaging");
  return serviceOutputs(layer as unknown as Layer, config.messaging, backend as unknown as MessagingBackend);
}

const valueOf = <T>(output: unknown) =>
  new Promise<T>((resolve) => void (output as pulumi.Output<T>).apply((value) => resolve(value)));

describe("the services' configuration as an output", () => {
  it("is a secret, with files by service that hold the URLs", async () => {
    const { serviceConfig, serviceNotes } = outputsOf({});
    expect(await pulumi.isSecret(serviceConfig as pulumi.Output<unknown>)).toBe(true);
    const files = (await valueOf<Record<string, ServiceFile[]>>(serviceConfig))["nova"] ?? [];
    expect(files.filter(({ content }) => content.includes(PASSWORD)).map(({ path }) => path)).toEqual([
      "/etc/nova/nova.conf.d/50-fabric-transport.conf",
    ]);
    expect(JSON.stringify(serviceNotes)).not.toContain(PASSWORD);
  });

  it("trusts the authority of brokers that are another's", async () => {
    const external = { endpoints: ["one:5671"], users: { nova: PASSWORD }, caPem: THEIRS };
    const { serviceConfig } = outputsOf({ broker: { external } });
    const files = (await valueOf<Record<string, ServiceFile[]>>(serviceConfig))["nova"] ?? [];
    expect(files.find(({ path }) => path.endsWith("fabric-rabbit-ca.pem"))?.content).toBe(THEIRS);
  });

  it("has documents that are no secret where they are served, without passwords in them", async () => {
    const { serviceDocuments } = outputsOf({ oslo: { delivery: { kind: "remote", uri: "https://kv.example.org" } } });
    expect(await pulumi.isSecret(serviceDocuments as pulumi.Output<unknown>)).toBe(false);
    const documents = JSON.stringify(await valueOf(serviceDocuments));
    expect(documents).toContain("rabbit_quorum_queue = true");
    expect(documents).not.toContain(PASSWORD);
  });
});
