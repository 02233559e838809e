import { describe, expect, it } from "vitest";

import { overrideFindings } from "../../components/oslo/overrides";
import { checkServices, planServiceConfig } from "../../components/oslo/serviceConfig";
import type { Release } from "../../components/releases";
import { parseConfig } from "../../stacks/config/parse";
import { planStack } from "../../stacks/plan";
import { requestFor } from "../support/serviceConfigs";

const RABBIT = { rpc: "rabbit", notifications: "rabbit" } as const;

describe("an option that a user sets", () => {
  const said = (
    release: Release,
    section: string,
    option: string,
    value: string | number | boolean | string[] = true,
  ) => overrideFindings("nova", release, { [section]: { [option]: value } }).join("\n");

  it("goes over what is planned", () => {
    const services = { nova: { oslo_messaging_rabbit: { rabbit_qos_prefetch_count: 64 } } };
    const files = planServiceConfig(requestFor("nova", "2026.1", RABBIT, { services }));
    const content = files.find(({ path }) => path.endsWith("messaging.conf"))?.content;
    expect(content?.match(/rabbit_qos_prefetch_count = .*/g)).toEqual(["rabbit_qos_prefetch_count = 64"]);
  });

  it("is refused with the nearest name when there is none of its name", () => {
    expect(said("2026.1", "oslo_messaging_rabbit", "rabbit_quorum_queues")).toMatch(
      /did you mean `rabbit_quorum_queue`/,
    );
    expect(said("2026.1", "oslo_messaging_rabit", "ssl")).toMatch(/did you mean `oslo_messaging_rabbit`/);
  });

  it("is refused when the release has not got it yet, with the release that brings it", () => {
    expect(said("2023.2", "oslo_messaging_rabbit", "use_queue_manager")).toMatch(
      /comes with 2024.1 \(oslo.messaging 14.7.3\), and the services are 2023.2/,
    );
  });

  it("is refused when it was removed, with the version and what to take instead", () => {
    expect(said("2026.1", "oslo_messaging_amqp", "link_retry_delay", 1)).toMatch(
      /last in 2024.2 \(oslo.messaging 14.9.3\), gone in 2025.1 \(16.1.2\)\. Take RabbitMQ/,
    );
    expect(said("stein", "oslo_messaging_zmq", "rpc_zmq_host", "x")).toMatch(/last in rocky .*router mesh/);
  });

  it("is refused under a name that it no longer has, and under one that it had by mistake", () => {
    expect(said("zed", "oslo_messaging_rabbit", "rabbit_quorum_max_memory_length", 1)).toMatch(/comes with 2023.1/);
    expect(said("2024.1", "oslo_messaging_rabbit", "rabbit_quroum_max_memory_length", 1)).toMatch(
      /Take `oslo_messaging_rabbit.rabbit_quorum_max_memory_length`/,
    );
    expect(said("rocky", "DEFAULT", "rabbit_ha_queues")).toMatch(/called `oslo_messaging_rabbit.rabbit_ha_queues`/);
  });

  it("is refused with a value of another type", () => {
    expect(said("2026.1", "oslo_messaging_rabbit", "ssl", "yes")).toMatch(/true or false, got "yes"/);
    expect(said("2024.2", "oslo_messaging_amqp", "default_reply_timeout", 1)).toMatch(
      /a whole number, at least 5, got 1/,
    );
    expect(said("2024.2", "oslo_messaging_amqp", "pre_settled", "rpc-cast")).toMatch(/a list/);
    expect(said("2026.1", "oslo_messaging_kafka", "security_protocol", "TLS")).toMatch(
      /one of PLAINTEXT, SASL_PLAINTEXT/,
    );
    expect(said("2026.1", "oslo_messaging_rabbit", "kombu_reconnect_delay", 0.5)).toBe("");
  });

  it("is not quoted where it is a secret", () => {
    expect(said("2024.2", "oslo_messaging_amqp", "ssl_key_password", 4711)).toMatch(/must be a text, got \[secret\]/);
  });

  it("is refused by the plan of the whole stack, before anything is created", () => {
    const stack = (option: string) => {
      const file = { file: "Pulumi.x.yaml" };
      const oslo = { services: { nova: { oslo_messaging_rabbit: { [option]: true } } } };
      const network = { zones: ["az-1"], cidr: "10.20.0.0/16" };
      const broker = { flavor: "m1", image: "debian-12" };
      const messaging = { mode: "vanilla", services: ["nova"], broker, oslo };
      return planStack(parseConfig({ cloud: { release: "2026.1" }, network, messaging }, file), "prod");
    };
    expect(stack("use_queue_manager").messaging?.drivers.rpc).toBe("rabbit");
    expect(() => stack("use_queue_manger")).toThrow(
      /`messaging.oslo.services.nova.oslo_messaging_rabbit.use_queue_manger`.*did you mean `use_queue_manager`/,
    );
  });

  it("is refused for a context of privsep that the service has not got", () => {
    expect(said("2026.1", "cinder_sys_admin", "user", "root")).toMatch(/of no context of nova.*nova_sys_admin/);
    expect(said("2026.1", "nova_sys_admin", "user", "root")).toBe("");
  });

  it("is refused for a service that the stack has not got; all mistakes are told at once", () => {
    const services = { nova: { DEFAULT: { debg: true } }, cinder: { DEFAULT: { debug: true } } };
    expect(() => checkServices(["nova"], "2026.1", { services })).toThrow(
      /2 problems:.*`messaging.oslo.services.cinder` is for a service.*it has nova.*did you mean `debug`/s,
    );
  });
});
