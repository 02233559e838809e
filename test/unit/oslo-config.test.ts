import { describe, expect, it } from "vitest";

import { findOption, hasOption, libraryVersion } from "../../components/oslo/catalogue";
import { overrideFindings } from "../../components/oslo/overrides";
import { planParts } from "../../components/oslo/parts";
import {
  checkServices,
  planRemoteDocument,
  planServiceConfig,
  planServiceNotes,
  type ServiceFile,
} from "../../components/oslo/serviceConfig";
import { privsepSections, serviceOf } from "../../components/oslo/services";
import { type Release, RELEASES } from "../../components/releases";
import { everyRequest, NASTY, requestFor, sectionsIn } from "../support/serviceConfigs";

const RABBIT = { rpc: "rabbit", notifications: "rabbit" } as const;
const HYBRID = { rpc: "amqp", notifications: "rabbit" } as const;
const fileOf = (files: readonly ServiceFile[], name: string) => files.find(({ path }) => path.endsWith(name));
const rabbitAt = (release: Release) =>
  sectionsIn(fileOf(planServiceConfig(requestFor("nova", release, RABBIT)), "messaging.conf")?.content ?? "")[
    "oslo_messaging_rabbit"
  ];

describe("the options of a service", () => {
  it("are ones that the release's libraries have, for every service, release and pair of drivers", () => {
    const requests = everyRequest();
    const unknown = requests.flatMap((request) => {
      const { service, release } = request;
      const { own = {}, listensBy } = serviceOf(service);
      return Object.values(planParts(request)).flatMap((sections) =>
        Object.entries(sections).flatMap(([section, options]) =>
          Object.keys(options)
            .filter((option) => !hasOption(section, option, release))
            .filter((option) => !Object.hasOwn(own[section] ?? {}, option))
            .filter((option) => !(listensBy?.section === section && listensBy.option === option))
            .filter(() => !(service === "neutron" && section === "agent"))
            .map((option) => `${release} ${service} [${section}] ${option}`),
        ),
      );
    });
    expect(requests.length).toBeGreaterThan(800);
    expect(unknown).toEqual([]);
  });

  it("have values of the types that the libraries take", () => {
    const wrong = everyRequest().flatMap((request) =>
      Object.values(planParts(request)).flatMap((sections) =>
        overrideFindings(
          request.service,
          request.release,
          Object.fromEntries(
            Object.entries(sections)
              .map(([section, options]): [string, typeof options] => [
                section,
                Object.fromEntries(
                  Object.entries(options).filter(([option]) => hasOption(section, option, request.release)),
                ),
              ])
              .filter(([section]) => section in sections),
          ),
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("ask for quorum queues and streams from the releases on that can", () => {
    expect(rabbitAt("xena")).not.toHaveProperty("rabbit_quorum_queue");
    expect(rabbitAt("xena")).toMatchObject({ amqp_durable_queues: "true" });
    expect(rabbitAt("yoga")).toMatchObject({ rabbit_quorum_queue: "true" });
    expect(rabbitAt("2023.2")).not.toHaveProperty("use_queue_manager");
    expect(rabbitAt("2024.1")).toMatchObject({
      rabbit_quorum_queue: "true",
      rabbit_transient_quorum_queue: "true",
      rabbit_stream_fanout: "true",
      use_queue_manager: "true",
    });
    expect(Number(rabbitAt("2024.1")?.["rabbit_qos_prefetch_count"])).toBeGreaterThan(0);
  });

  it("turn heartbeats in native threads off where that is not the default", () => {
    const off = RELEASES.filter((release) => rabbitAt(release)?.["heartbeat_in_pthread"] === "false");
    expect(off).toEqual(["wallaby", "xena", "yoga"]);
  });

  it("retry a refused link after one second, and let no cast wait for a server that comes back", () => {
    const content = fileOf(planServiceConfig(requestFor("nova", "2024.2", HYBRID)), "messaging.conf")?.content ?? "";
    expect(content).toContain("link_retry_delay = 1\n");
    expect(content.match(/^pre_settled = .*$/gm)).toEqual(["pre_settled = rpc-reply"]);
  });

  it("give a service that makes no calls the notifications' transport only", () => {
    const files = planServiceConfig(requestFor("keystone", "2024.2", HYBRID));
    const all = files.map(({ content }) => content).join("");
    expect(all).not.toContain("amqp");
    expect(all).not.toContain("rpc_response_timeout");
    expect(fileOf(files, "transport.conf")?.content).toMatch(
      /^\[oslo_messaging_notifications\]\ntransport_url = rabbit:/m,
    );
  });

  it("let ceilometer listen where notifications are, not where calls are", () => {
    const content = fileOf(planServiceConfig(requestFor("ceilometer", "2024.2", HYBRID)), "transport.conf")?.content;
    expect(content).toMatch(/\[notification\]\nmessaging_urls = rabbit:/);
  });

  it("name privsep's contexts as the service has them at the release", () => {
    expect(privsepSections("neutron", "train")).toEqual(["privsep"]);
    expect(privsepSections("neutron", "victoria")).toEqual(["privsep", "privsep_dhcp_release"]);
    expect(privsepSections("manila", "yoga")).toEqual([]);
    const command = "helper_command = sudo nova-rootwrap /etc/nova/rootwrap.conf privsep-helper";
    expect(fileOf(planServiceConfig(requestFor("nova", "2026.1", RABBIT)), "privileges.conf")?.content).toContain(
      command,
    );
    const ironic = (release: Release) =>
      fileOf(planServiceConfig(requestFor("ironic", release, RABBIT)), "rootwrap.conf");
    expect([ironic("2025.1") !== undefined, ironic("2025.2") !== undefined]).toEqual([true, false]);
  });
});

describe("the files of a service", () => {
  it("keep passwords in files that are marked secret, and only its own group reads those", () => {
    for (const request of everyRequest(["rocky", "2024.2", "2026.1"])) {
      for (const { path, content, secret, mode, owner, group } of planServiceConfig(request)) {
        const holds = content.includes(encodeURIComponent(NASTY).slice(0, 8));
        expect([path, holds && !secret], path).toEqual([path, false]);
        if (secret) expect([mode, owner, group]).toEqual(["0640", "root", request.service]);
      }
    }
  });

  it("are the same text every time", () => {
    const request = requestFor("nova", "2026.1", RABBIT);
    expect(planServiceConfig(request)).toEqual(planServiceConfig(request));
  });

  it("leave a policy that an operator has alone, unless rules are given", () => {
    expect(fileOf(planServiceConfig(requestFor("nova", "train", RABBIT)), "policy.conf")).toBeUndefined();
    const rules = { nova: { "os_compute_api:servers:start": 'role:admin or "x":%(y)s' } };
    const files = planServiceConfig(requestFor("nova", "train", RABBIT, { policy: { rules } }));
    expect(fileOf(files, "policy.conf")?.content).toContain("policy_file = policy.yaml\n");
    expect(fileOf(files, "policy.yaml")?.content).toBe(
      '"os_compute_api:servers:start": "role:admin or \\"x\\":%(y)s"\n',
    );
  });

  it("are variables where that is asked for; options of several values stay in files", () => {
    const files = planServiceConfig(requestFor("nova", "2024.2", HYBRID, { delivery: { kind: "environment" } }));
    const env = fileOf(files, "fabric.env");
    expect(env?.secret).toBe(true);
    expect(env?.content).toContain('OS_OSLO_MESSAGING_AMQP__LINK_RETRY_DELAY="1"\n');
    expect(env?.content).not.toContain("PRE_SETTLED");
    expect(fileOf(files, "repeated.conf")?.content).toContain("pre_settled = rpc-reply\n");
  });

  it("are an address and secrets where options are served; the document holds no secret", () => {
    const delivery = { kind: "remote", uri: "https://consul.example.org/v1/kv/fabric", suffix: "?raw" } as const;
    const request = requestFor("nova", "2023.1", HYBRID, { delivery });
    const files = planServiceConfig(request);
    expect(fileOf(files, "source.conf")?.content).toContain("uri = https://consul.example.org/v1/kv/fabric/nova?raw\n");
    expect(fileOf(files, "messaging.conf")).toBeUndefined();
    const document = planRemoteDocument(request)?.content ?? "";
    expect(document).toContain("link_retry_delay = 1\n");
    expect(document).not.toContain("transport_url");
  });

  it("are not served where the library's own driver for that fails", () => {
    const delivery = { kind: "remote", uri: "https://consul.example.org" } as const;
    const refused = RELEASES.filter((release) => {
      try {
        checkServices(["nova"], release, { delivery });
        return false;
      } catch (error) {
        expect(String(error)).toMatch(/"remote" is not for .*time-out.*Take "files"/);
        return true;
      }
    });
    expect(refused).toEqual(["2023.2", "2024.1", "2024.2", "2025.1", "2025.2"]);
    expect(() => checkServices(["nova"], "2026.1", { delivery: { ...delivery, uri: "http://x" } })).toThrow(/https:/);
  });

  it("put a secret option that a user sets with the other secrets", () => {
    const services = { nova: { oslo_messaging_amqp: { ssl_key_password: "hunter2" } } };
    const files = planServiceConfig(requestFor("nova", "2024.2", HYBRID, { services }));
    expect(files.filter(({ content }) => content.includes("hunter2")).map(({ secret }) => secret)).toEqual([true]);
  });

  it("add levels to the library's own list, which the option would replace", () => {
    const settings = { logging: { levels: { "oslo.messaging": "DEBUG", nova: "WARNING" } } };
    const content = fileOf(planServiceConfig(requestFor("nova", "2024.2", RABBIT, settings)), "logging.conf")?.content;
    expect(content).toMatch(/default_log_levels = .*amqp=WARN,.*nova=WARNING.*oslo.messaging=DEBUG/);
  });

  it("refuse what no line can hold", () => {
    const set = (value: string) => ({ services: { nova: { oslo_messaging_rabbit: { ssl_key_file: value } } } });
    expect(() => planServiceConfig(requestFor("nova", "2024.2", RABBIT, set("a\nb")))).toThrow(/holds a line break/);
    expect(() => planServiceConfig(requestFor("nova", "2024.2", RABBIT, set("a\\$b")))).toThrow(/backslash/);
  });
});

describe("the notes on a service", () => {
  const notes = (release: Release, pair: { rpc: "rabbit" | "amqp"; notifications: "rabbit" }) =>
    planServiceNotes({
      service: "nova",
      release,
      rpc: { driver: pair.rpc },
      notifications: { driver: pair.notifications },
    }).join("\n");

  it("say that replies over RabbitMQ take half a second, on the versions where they do", () => {
    const slow = RELEASES.filter((release) => notes(release, RABBIT).includes("half a second"));
    expect(slow).toEqual(["2024.2", "2025.1", "2025.2", "2026.1"]);
    expect(notes("2024.2", HYBRID)).not.toContain("half a second");
  });

  it("say which library they speak of", () => {
    expect(notes("2026.1", RABBIT)).toContain(`oslo.messaging ${libraryVersion("oslo.messaging", "2026.1")}`);
  });
});

describe("the catalogue of options", () => {
  it("knows each library's defaults over the releases", () => {
    const facts = (release: Release) => findOption("oslo_messaging_rabbit", "heartbeat_rate", release)?.facts?.default;
    expect([facts("rocky"), facts("2024.1"), facts("2026.1")]).toEqual([2, 3, 3]);
    expect(findOption("oslo_policy", "enforce_scope", "2024.2")?.facts?.default).toBe(true);
  });
});
