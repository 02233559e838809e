import { readdirSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { configSource, readSections } from "../../stacks/config/file";
import { parseConfig } from "../../stacks/config/parse";
import { plainSecrets } from "../../stacks/config/secrets";
import { planStack } from "../../stacks/plan";

const root = join(__dirname, "../..");
const source = { file: "stacks/Pulumi.test.yaml" };
const network = { zones: ["az-1"], cidr: "10.0.0.0/16", external: "public" };
const messageOf = (sections: Record<string, unknown>) => {
  try {
    parseConfig(sections, source);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("was accepted");
};

describe("a stack's configuration", () => {
  const shipped = readdirSync(join(root, "stacks")).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

  it.each(shipped)("is valid and can be planned as shipped: %s", (stack) => {
    const config = parseConfig(readSections(root, stack), configSource(root, stack));
    expect(planStack(config, stack).prefix).toBe(stack);
  });

  it("reports all mistakes in one go, each with its path, what was given, what is allowed, and the file", () => {
    const message = messageOf({
      cloud: { release: "2019.9" },
      network: { ...network, zones: "az-1", mtu: 99_999 },
    });
    expect(message).toMatch(/^3 problems:/);
    expect(message).toContain("`cloud.release` must be one of rocky, stein,");
    expect(message).toContain('got "2019.9" (stacks/Pulumi.test.yaml).');
    expect(message).toContain('`network.zones` must be a list, got "az-1"');
    expect(message).toContain("`network.mtu` must be at most 9216, got 99999");
  });

  it("suggests the nearest key for an unknown one", () => {
    expect(messageOf({ cloud: { release: "2026.1", regoin: "x" } })).toContain(
      "`cloud.regoin` is not known; did you mean `region`?",
    );
    expect(messageOf({ cloud: { release: "2026.1" }, netwrok: {} })).toContain(
      "`netwrok` is not a section; did you mean `network`?",
    );
  });

  it("says what is missing", () => {
    expect(messageOf({ network })).toContain("`cloud` is missing");
    expect(messageOf({ cloud: { release: "2026.1" }, clusters: { templates: { small: {} } } })).toContain(
      "`clusters.templates.small.image` is missing",
    );
  });

  it("names the line of the mistake where the file is at hand", () => {
    const config = { cloud: { release: "nope" } };
    expect(() => parseConfig(config, configSource(root, "sandbox"))).toThrow(/stacks\/Pulumi.sandbox.yaml:4\)/);
  });

  it("refuses a cluster of a template that is not there, and names those that are", () => {
    const clusters = { templates: { small: { image: "i", flavor: "f" } }, clusters: { c: { template: "big" } } };
    expect(messageOf({ cloud: { release: "2026.1" }, clusters })).toContain(
      '`clusters.clusters.c.template` must be one of the templates of this stack (small), got "big"',
    );
  });

  it("refuses an image without a tag", () => {
    const broker = { flavor: "f", image: "i", containerImage: "docker.io/library/rabbitmq" };
    expect(
      messageOf({ cloud: { release: "2026.1" }, messaging: { mode: "vanilla", services: ["nova"], broker } }),
    ).toContain("an image with a tag or digest");
  });

  it("never quotes a section that is a secret", () => {
    expect(() => parseConfig({ cloud: { release: "hunter2" } }, { ...source, secret: new Set(["cloud"]) })).toThrow(
      /got \[secret\]/,
    );
  });

  it("asks for an image whose tag says which RabbitMQ it is", () => {
    const cloud = { release: "2026.1" };
    const planned = (containerImage: string) => {
      const broker = { flavor: "f", image: "i", containerImage };
      const config = parseConfig(
        { cloud, network, messaging: { mode: "vanilla", services: ["nova"], broker } },
        source,
      );
      return () => planStack(config, "test");
    };
    expect(planned("rabbitmq:latest")).toThrow(/`messaging.broker.containerImage` must say which RabbitMQ it is/);
    expect(planned("rabbitmq:4.1.4@sha256:" + "0".repeat(64))).not.toThrow();
  });

  it("reports the plan's findings together: a mode the release lost, an engine Magnum lost, masters without a balancer", () => {
    const config = parseConfig(
      {
        cloud: { release: "2026.1" },
        network,
        messaging: {
          mode: "hybrid",
          services: ["nova"],
          broker: { flavor: "f", image: "i" },
          rpc: { flavor: "f", image: "i" },
        },
        clusters: {
          templates: { old: { engine: "swarm", image: "i", flavor: "f" } },
          clusters: { c: { template: "old", masters: 3 } },
        },
      },
      source,
    );
    expect(() => planStack(config, "test")).toThrow(/3 problems:.*hybrid.*swarm.*masters/s);
  });
});

describe("secrets of a configuration", () => {
  const analysis = { spark: { credentials: { accessKey: "a", secretKey: "b" } } };

  it("are named where they are in the clear", () => {
    expect(plainSecrets({ analysis }, new Set())).toEqual(["analysis.spark.credentials.secretKey"]);
    const messaging = { broker: { external: { users: { nova: "p" } } } };
    expect(plainSecrets({ messaging }, new Set())).toEqual(["messaging.broker.external.users.*"]);
  });

  it("are in order where their section is encrypted", () => {
    expect(plainSecrets({ analysis }, new Set(["analysis"]))).toEqual([]);
  });
});
