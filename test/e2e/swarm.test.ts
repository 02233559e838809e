import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";

import type { CloudClient } from "../../components/cloud/client";
import { clusterCa, signByClusterCa } from "../../components/clusters/client/magnumCa";
import type { TlsMaterial } from "../../components/messaging/servers/tls";
import { ensurePlugin } from "../../tools/workspace/plugins";
import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { createAuthority, issue } from "../support/certificates";
import { DockerHost, TLS_PORT } from "../support/docker/DockerHost";
import { type PortRelay, relayPort } from "../support/docker/portRelay";
import { clientOf, userCloud } from "../support/sandbox/cloud";
import { makeProgramStack, reconfigureProgram } from "./support/program";
import { destroy, plannedOperations, run, stateOf, up } from "./support/stack";

const createdShape = z.object({ uuid: z.string() });
const clusterShape = z.object({ status: z.string() });
const tlsShape = z.object({ tls: z.object({ ca: z.string(), cert: z.string(), key: z.string() }) });

/** Creates a cluster for its authority's sake; of which engine it is makes no difference to how Magnum signs. */
async function createCluster(client: CloudClient): Promise<string> {
  const nodes = { image_id: "fedora-coreos", flavor_id: "m1.small", master_flavor_id: "m1.small" };
  const template = { name: "authority", coe: "kubernetes", external_network_id: "public", ...nodes };
  const { uuid } = await client.ask("containerInfra", "/clustertemplates", template, createdShape);
  const cluster = { name: "authority", cluster_template_id: uuid, master_count: 1, node_count: 1 };
  const created = await client.ask("containerInfra", "/clusters", cluster, createdShape);
  const status = async () => (await client.find("containerInfra", `/clusters/${created.uuid}`, clusterShape))?.status;
  const complete = async () => expect(await status()).toBe("CREATE_COMPLETE");
  await vi.waitFor(complete, { timeout: 300_000, interval: 2_000 });
  return created.uuid;
}

/** A certificate for a server on loopback, signed by a cluster's authority as Magnum's agents on the nodes have it signed. */
async function serverOf(client: CloudClient, cluster: string): Promise<TlsMaterial> {
  const folder = mkdtempSync(join(tmpdir(), "fabric-swarm-"));
  const at = (name: string) => join(folder, name);
  const request = ["req", "-new", "-newkey", "rsa:2048", "-noenc", "-keyout", at("key.pem"), "-out", at("csr.pem")];
  await execa("openssl", [...request, "-subj", "/CN=server", "-addext", "subjectAltName=IP:127.0.0.1"]);
  const [csr, keyPem] = [readFileSync(at("csr.pem"), "utf8"), readFileSync(at("key.pem"), "utf8")];
  rmSync(folder, { recursive: true });
  const certPem = await signByClusterCa(client, cluster, csr);
  return { caPem: (await clusterCa(client, cluster)) ?? "", certPem, keyPem };
}

describe("the native client of a Swarm cluster", () => {
  let host: DockerHost;
  let relay: PortRelay;
  let stack: Workspace;
  let sections: { clusterId: string; apiAddress: string; greeting: string };

  beforeAll(async () => {
    const engine = await ensurePlugin("docker");
    const cloud = await userCloud();
    const client = await clientOf();
    const clusterId = await createCluster(client);
    host = await DockerHost.start(await serverOf(client, clusterId));
    await host.docker(["swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377"]);
    relay = await relayPort(host, TLS_PORT);
    sections = { clusterId, apiAddress: `tcp://127.0.0.1:${relay.port}`, greeting: "hello" };
    stack = await makeProgramStack("swarm", sections, { ...engine, ...cloud });
  }, 1_800_000);

  afterAll(async () => {
    // Undefined where the set-up failed.
    (relay as PortRelay | undefined)?.stop();
    await (host as DockerHost | undefined)?.stop();
    if ((stack as Workspace | undefined) !== undefined) removeWorkspace(stack);
  });

  const tlsOf = async () => {
    const { output } = await run(stack, "stack", "output", "--json", "--show-secrets");
    return tlsShape.parse(JSON.parse(output)).tls;
  };
  /** Runs `docker` over TLS as the owner of a certificate, or as somebody who has none. */
  const dockerAs = async (ca: string, own: { cert: string; key: string } | undefined, ...args: string[]) => {
    const folder = mkdtempSync(join(tmpdir(), "fabric-swarm-"));
    const files = { tlscacert: ca, ...(own && { tlscert: own.cert, tlskey: own.key }) };
    const flags = Object.entries(files).map(([flag, pem]) => {
      writeFileSync(join(folder, flag), pem, { mode: 0o600 });
      return `--${flag}=${join(folder, flag)}`;
    });
    const command = ["--host", sections.apiAddress, "--tlsverify", ...flags, ...args];
    // A folder without certificates of the user's own, which docker would take by itself.
    const result = await execa("docker", command, { reject: false, all: true, env: { DOCKER_CONFIG: folder } });
    rmSync(folder, { recursive: true });
    return result;
  };

  it("makes a network, a config and a service of the Swarm by its provider", async () => {
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    expect(await host.docker(["service", "ls", "--format", "{{.Name}} {{.Replicas}} {{.Image}}"])).toMatch(
      /^idle 0\/0 busybox:1\.36\.1/,
    );
    const config = await host.docker(["config", "inspect", "greeting", "--format", "{{json .Spec.Data}}"]);
    expect(Buffer.from(config, "base64").toString()).toBe("hello");
    expect(await host.docker(["network", "inspect", "mesh", "--format", "{{.Scope}} {{.Driver}}"])).toBe(
      "swarm overlay",
    );
    expect(await plannedOperations(stack)).toEqual({});
  });

  it("hands out what docker itself logs in with", async () => {
    const { ca, cert, key } = await tlsOf();
    const info = await dockerAs(ca, { cert, key }, "info", "--format", "{{.Swarm.LocalNodeState}}");
    expect(info.stdout).toBe("active");
  });

  it("is refused without a certificate, and with one of another authority", async () => {
    const { ca } = await tlsOf();
    const without = await dockerAs(ca, undefined, "info");
    expect(without.all).toMatch(/certificate required|bad certificate/);
    const other = await issue(await createAuthority(), ["operator"]);
    const foreign = await dockerAs(ca, { cert: other.certPem, key: other.keyPem }, "info");
    expect(foreign.all).toMatch(/unknown certificate authority|bad certificate|certificate required/);
  });

  it("works on with new credentials, without touching what it made", async () => {
    const before = await tlsOf();
    const service = await host.docker(["service", "inspect", "idle", "--format", "{{.ID}}"]);
    reconfigureProgram(stack, { ...sections, serial: "two" });
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    expect((await tlsOf()).cert).not.toBe(before.cert);
    expect(await host.docker(["service", "inspect", "idle", "--format", "{{.ID}}"])).toBe(service);
  });

  it("shows its key nowhere", async () => {
    const line = (await tlsOf()).key.split("\n")[1] ?? "";
    expect(line.length).toBeGreaterThan(60);
    expect(JSON.stringify(await stateOf(stack))).not.toContain(line);
    expect((await run(stack, "stack", "output", "--json")).output).not.toContain(line);
  });

  it("leaves nothing in the Swarm", async () => {
    const { exitCode, output } = await destroy(stack);
    expect(exitCode, output).toBe(0);
    expect(await host.docker(["service", "ls", "--quiet"])).toBe("");
    expect(await host.docker(["config", "ls", "--quiet"])).toBe("");
    expect(await host.docker(["network", "ls", "--filter", "name=mesh", "--quiet"])).toBe("");
  });
});
