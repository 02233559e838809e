import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensureDebian } from "../debian";
import { TestNode } from "./agent";
import { makeCertificates, makeKeyPair } from "./certificates";
import { runCli } from "./cli";
import { startConsul, startEtcd, type TestStore } from "./servers";

/** Where Debian's package lays it, seen from /usr/bin: the package brings no command. */
const JWCRYPTO = "../lib/python3/dist-packages/jwcrypto/jwe.py";

/** A store, an operator's keys, and nodes. */
export interface World {
  dir: string;
  store: TestStore;
  /** Options of `publish`. */
  publishing: string[];
  node(hostName: string): TestNode;
  publish<T>(outputs: unknown, ...options: string[]): Promise<T>;
  close(): Promise<void>;
}

export async function openWorld(kind: "etcd" | "consul"): Promise<World> {
  await ensureDebian(["python3-jwcrypto", "openssl"], [JWCRYPTO, "openssl"]);
  const dir = mkdtempSync(join(tmpdir(), `fabric-distribution-${kind}-`));
  const certificates = await makeCertificates(dir);
  const [publisher, compute] = [await makeKeyPair(dir, "publisher"), await makeKeyPair(dir, "compute")];
  const store = await (kind === "etcd" ? startEtcd : startConsul)(dir, certificates);
  const publishing = ["--signing-key", publisher.privateKey, "--recipient", compute.publicKey];
  const nodes: TestNode[] = [];
  return {
    dir,
    store,
    publishing,
    node(hostName) {
      const node = new TestNode(dir, store, {
        hostName,
        publisherKeyPem: readFileSync(publisher.publicKey, "utf8"),
        nodeKeyPems: [readFileSync(compute.privateKey, "utf8")],
      });
      nodes.push(node);
      return node;
    },
    publish: (outputs, ...options) =>
      runCli(store, ["publish", "-", ...publishing, ...options], JSON.stringify(outputs)),
    async close() {
      for (const node of nodes) await node.kill();
      await store.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A secret that belongs to one generation, and is looked for in stores. */
export function seed(generation: number): string {
  return `seeded-secret-${generation}-Zx9`;
}

/** A stack's outputs: what two services read, as of a generation; neutron's stays the same for ten of them. */
export function outputs(generation: number, more = 0) {
  const url = (user: string, n: number) => `[DEFAULT]\ntransport_url = rabbit://${user}:${seed(n)}@broker:5671/\n`;
  const decade = Math.floor(generation / 10) * 10;
  return {
    messaging: {
      serviceConfig: {
        nova: [
          { path: "/etc/nova/nova.conf", content: url("nova", generation), mode: "0640", secret: true },
          { path: "/etc/nova/policy.yaml", content: `# generation ${generation}\n`, mode: "0644", secret: false },
          ...Array.from({ length: more }, (_, at) => ({
            path: `/etc/nova/extra-${at}.conf`,
            content: `# generation ${generation}\n`,
            secret: false,
          })),
        ],
        neutron: [{ path: "/etc/neutron/neutron.conf", content: url("neutron", decade), mode: "0640", secret: true }],
      },
    },
  };
}
