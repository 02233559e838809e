import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { PORTS } from "../../components/messaging/servers/ports";
import type { Report } from "../../tools/blend/report/report";
import { ensurePlugin } from "../../tools/workspace/plugins";
import { CHECKOUT, removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import type { Sections } from "../e2e/support/sections";
import { destroy, makeStack, plannedOperations, reconfigure, run, up } from "../e2e/support/stack";
import { getMessage, login, putMessage } from "../support/docker/amqpClient";
import { DockerHost } from "../support/docker/DockerHost";
import { importRabbitmqImage } from "../support/docker/rabbitmqImage";

interface Outputs {
  messaging: { notificationTransportUrls: Record<string, string>; brokerEndpoints: string[]; caPem: string };
}

// Three brokers boot one after the other; on a busy machine each takes half a minute.
describe("a stack on one Docker host", { timeout: 600_000 }, () => {
  let host: DockerHost;
  let image: string;
  let workspace: Workspace;

  /** Brokers only: nobody packages a router, so no image of one can be made here. */
  const sections = (services: string[]): Sections => ({
    cloud: { release: "2024.2" },
    docker: { host: host.address },
    network: { zones: ["zone-1", "zone-2", "zone-3"], cidr: "10.87.0.0/20" },
    messaging: { mode: "vanilla", services, broker: { nodes: 3, containerImage: image } },
  });
  const outputs = async (): Promise<Outputs> => {
    const { output } = await run(workspace, "stack", "output", "--json", "--show-secrets");
    return JSON.parse(output.slice(output.indexOf("{"))) as Outputs;
  };
  /** A service's transport URL, taken apart: a URL for each broker. */
  const urlsOf = async (service: string) => {
    const { notificationTransportUrls, caPem } = (await outputs()).messaging;
    const [, hosts = "", vhost = ""] = /^rabbit:\/\/(.+)\/(\w+)$/.exec(notificationTransportUrls[service] ?? "") ?? [];
    return { caPem, urls: hosts.split(",").map((at) => `amqps://${at}/${vhost}`) };
  };
  const passwordOf = async (service: string) => /:([^:@]+)@/.exec((await urlsOf(service)).urls[0] ?? "")?.[1] ?? "";
  const blend = async (command: string, ...args: string[]) => {
    const tool = [process.execPath, join(CHECKOUT, "dist", "tools", "blend", "main.js"), command];
    const options = { env: workspace.env, reject: false, timeout: 300_000 };
    const result = await host.runOnHost([...tool, "--stack", "here", "--dir", workspace.dir, ...args], options);
    return { exitCode: result.exitCode, stdout: String(result.stdout), stderr: String(result.stderr) };
  };
  const nodesOf = async (member: string) => {
    const status = await host.docker(["exec", member, "rabbitmqctl", "--formatter", "json", "cluster_status"]);
    return (JSON.parse(status) as { running_nodes: string[] }).running_nodes.sort();
  };
  const containerId = (member: string) => host.docker(["inspect", "--format", "{{.Id}}", member]);
  const members = ["here-broker-01", "here-broker-02", "here-broker-03"];

  beforeAll(async () => {
    const engine = await ensurePlugin("docker");
    host = await DockerHost.start();
    image = await importRabbitmqImage(host);
    workspace = await makeStack("here", sections(["nova"]), engine);
  });

  afterAll(async () => {
    // Undefined where the set-up failed.
    await (host as DockerHost | undefined)?.stop();
    if ((workspace as Workspace | undefined) !== undefined) removeWorkspace(workspace);
  });

  it("goes up as a cluster whose members found each other at their planned addresses, over TLS", async () => {
    const { exitCode, output } = await up(workspace);
    expect(exitCode, output).toBe(0);
    expect(await nodesOf("here-broker-03")).toEqual(members.map((member) => `rabbit@${member}`));
    const addresses = await Promise.all(
      members.map((member) =>
        host.docker(["inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", member]),
      ),
    );
    expect(addresses).toEqual(["10.87.0.10", "10.87.2.10", "10.87.4.10"]);
  });

  it("publishes nothing but AMQP over TLS, and that on the loopback address only", async () => {
    const ports = await Promise.all(members.map((member) => host.docker(["port", member])));
    expect(ports).toEqual([25671, 25672, 25673].map((port) => `${PORTS.amqps}/tcp -> 127.0.0.1:${port}`));
    expect((await outputs()).messaging.brokerEndpoints).toEqual([25671, 25672, 25673].map((p) => `127.0.0.1:${p}`));
  });

  it("lets a client in with the transport URL's password, checks the certificate's name, and keeps others out", async () => {
    const { urls, caPem } = await urlsOf("nova");
    expect(urls).toHaveLength(3);
    for (const url of urls) expect(await login(host, url, caPem)).toBe("welcome");
    const [first = ""] = urls;
    expect(await login(host, first.replace(/:[^:@]+@/, ":wrong@"), caPem)).toMatch(/ACCESS.REFUSED/);
    expect(await login(host, first, "")).toMatch(/self-signed certificate|unable to verify/);
  });

  it("is measured and proved by the load tool from its outputs alone, whatever the members die of", async () => {
    const docker = `docker --host ${host.address}`;
    // Published ports end with the member's number.
    const member = "here-broker-0${PORT#2567}";
    const started = `until ${docker} exec ${member} rabbitmq-diagnostics -q check_port_listener 5671; do sleep 1; done`;
    const ends = ["--crash", `${docker} kill ${member}`, "--stop", `${docker} stop ${member}`];
    const starts = ["--start", `${docker} start ${member} && ${started}`];
    const load = await blend("load", "--pattern", "notification", "--rate", "50", "--seconds", "2", "--json");
    expect(load.exitCode, load.stderr).toBe(0);
    const { runs } = JSON.parse(load.stdout) as Report;
    expect(runs).toMatchObject([{ pattern: "notification", sent: 100, lost: 0, duplicates: 0, failures: {} }]);
    const of = ["--pattern", "notification", "--promise", "absent listener", "--promise", "crash"];
    const proof = await blend("conform", ...of, ...ends, ...starts, "--json");
    expect(proof.exitCode, proof.stdout + proof.stderr).toBe(0);
    const findings = (JSON.parse(proof.stdout) as Report).conformance.flatMap((all) => all.findings);
    // Two targets, RPC's and notifications': the same brokers, each with what it is there for.
    expect(findings.map(({ promise, outcome }) => `${promise}: ${outcome}`)).toEqual([
      "absent listener: kept",
      "crash: kept",
    ]);
    expect(load.stdout + load.stderr + proof.stdout + proof.stderr).not.toContain(await passwordOf("nova"));
  });

  it("changes nothing when it goes up again", async () => {
    expect(await plannedOperations(workspace)).toEqual({});
    const { output } = await up(workspace);
    expect(output).toMatch(/\d+ unchanged/);
    expect(output).not.toMatch(/created|updated|replaced|deleted/);
  });

  it("replaces its containers one after the other, and what they stored is still there", async () => {
    const before = await urlsOf("nova");
    await putMessage(host, before.urls[0] ?? "", before.caPem, "kept");
    const ids = await Promise.all(members.map(containerId));

    reconfigure(workspace, sections(["nova", "glance"]));
    const { exitCode, output } = await up(workspace);
    expect(exitCode, output).toBe(0);

    const after = await Promise.all(members.map(containerId));
    expect(after.filter((id) => ids.includes(id))).toEqual([]);
    expect(await nodesOf("here-broker-01")).toHaveLength(3);
    const { urls, caPem } = await urlsOf("glance");
    expect(await login(host, urls[2] ?? "", caPem)).toBe("welcome");
    expect(await getMessage(host, before.urls[2] ?? "", caPem)).toBe("kept");
  });

  it("shows no password in what Docker or the engine's state tell of it", async () => {
    const password = await passwordOf("nova");
    expect(password).toHaveLength(32);
    const { output: state } = await run(workspace, "stack", "export");
    expect(state).not.toContain(password);
    expect(await host.docker(["inspect", ...members])).not.toContain(password);
  });

  it("leaves nothing when it is destroyed", async () => {
    expect(await host.everything()).toHaveLength(7);
    const { exitCode, output } = await destroy(workspace);
    expect(exitCode, output).toBe(0);
    expect(await host.everything()).toEqual([]);
  });
});
