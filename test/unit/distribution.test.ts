import { generateKeyPairSync } from "node:crypto";

import { describe, expect, it } from "vitest";

import { agentFiles, type AgentInput } from "../../components/oslo/distribution/agentHost";
import {
  macKeyOf,
  publicHalf,
  recipientOf,
  sealFile,
  signManifest,
  verifyManifest,
} from "../../components/oslo/distribution/envelope";
import { checkFiles, type DistributedFile } from "../../components/oslo/distribution/files";
import { damagedKeys, type Manifest, manifestOf, planVersion } from "../../components/oslo/distribution/manifest";
import { diffManifests, planPrune, recordMove, rollbackTarget } from "../../components/oslo/distribution/plan";
import { prepare, publish, type PublisherKeys } from "../../tools/config-distribution/publish";
import { readStackOutput } from "../../tools/config-distribution/source";
import { parseAddress } from "../../tools/config-distribution/stores/open";
import { batches } from "../../tools/config-distribution/stores/store";
import { MemoryStore, memoryTarget } from "../support/distribution/memory";

const pair = () => generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const file = (path: string, content: string, secret = false): DistributedFile => ({ path, content, secret });
const [signing, other] = [pair(), pair()];
const mac = macKeyOf(signing.privateKey);

describe("a version's name", () => {
  const services = { nova: [file("/etc/nova/b.conf", "b"), file("/etc/nova/a.conf", "a", true)], glance: [] };
  const name = (files: Record<string, DistributedFile[]>, recipients = { nova: ["one"] }, key = mac) =>
    planVersion(files, recipients, key).version;

  it("is the same for the same files in any order, and 16 hexadecimal digits", () => {
    const turned = { glance: [], nova: [...services.nova].reverse() };
    expect(name(turned)).toBe(name(services));
    expect(name(services)).toMatch(/^[0-9a-f]{16}$/);
  });

  it("changes with a content, a mode, a service or who can read a secret", () => {
    const [b, a] = services.nova as [DistributedFile, DistributedFile];
    const names = [
      name(services),
      name({ ...services, nova: [b, { ...a, content: "other" }] }),
      name({ ...services, nova: [b, { ...a, mode: "0600" }] }),
      name({ neutron: services.nova, glance: [] }),
      name(services, { nova: ["one", "two"] }),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it("tells nothing to who has not the publisher's key, so that short passwords cannot be guessed from it", () => {
    expect(name(services, undefined, macKeyOf(other.privateKey))).not.toBe(name(services));
  });
});

describe("files to distribute", () => {
  const findings = (files: DistributedFile[]) => {
    try {
      checkFiles({ nova: files });
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("are refused in the clear when they hold what looks like a secret, which is not quoted", () => {
    for (const content of [
      "[DEFAULT]\ntransport_url = rabbit://nova:hunter2@host/\n",
      "[keystone_authtoken]\nadmin_password=hunter2\n",
      "-----BEGIN EC PRIVATE KEY-----\nhunter2\n",
    ]) {
      expect(findings([file("/etc/nova/nova.conf", content)])).toContain("Mark it as secret");
      expect(findings([file("/etc/nova/nova.conf", content)])).not.toContain("hunter2");
      expect(findings([file("/etc/nova/nova.conf", content, true)])).toBe("");
    }
  });

  it("are taken in the clear when they only speak of secrets", () => {
    for (const content of [
      "[keystone_authtoken]\nauth_type = password\npassword = <None>\n",
      "# password = example\ntoken_cache_time = 300\nurl = http://host:80/path@x\n",
      '"identity:create_token": "rule:admin"\n',
    ]) {
      expect(findings([file("/etc/nova/nova.conf", content)])).toBe("");
    }
  });

  it("are refused where a path leaves its folder, hides, or is another service's", () => {
    for (const path of ["etc/nova.conf", "/etc/../root/x", "/etc/.hidden", "/etc//x", "/etc/"]) {
      expect(findings([file(path, "")])).toContain("must be an absolute path");
    }
    expect(() => checkFiles({ nova: [file("/etc/a", "")], glance: [file("/etc/a", "")] })).toThrow(
      "one path belongs to one service",
    );
  });

  it("are refused where everyone on the node could read a secret, or a program would be set-uid", () => {
    expect(findings([{ ...file("/etc/a", "", true), mode: "0644" }])).toContain("Use 0640 or 0600");
    expect(findings([{ ...file("/etc/a", ""), mode: "4755" }])).toContain("without set-uid");
  });
});

describe("envelopes", () => {
  const manifest: Manifest = { format: 1, version: "0123456789abcdef", services: {} };

  it("hide a file from all but its recipients, and are never the same twice", async () => {
    const recipients = [await recipientOf(pair().publicKey), await recipientOf(pair().publicKey)];
    const sealed = await sealFile("hunter2", recipients);
    expect(sealed).not.toContain("hunter2");
    expect((JSON.parse(sealed) as { recipients: unknown[] }).recipients).toHaveLength(2);
    expect(await sealFile("hunter2", recipients)).not.toBe(sealed);
    await expect(sealFile("hunter2", [])).rejects.toThrow("at least one recipient");
  });

  it("vouch for a manifest by the publisher's key, and for one version only", async () => {
    const signed = await signManifest(manifest, signing.privateKey);
    expect(await verifyManifest(signed, signing.publicKey, manifest.version)).toEqual(manifest);
    await expect(verifyManifest(signed, other.publicKey, manifest.version)).rejects.toThrow("not signed by");
    await expect(verifyManifest(signed, signing.publicKey, "fedcba9876543210")).rejects.toThrow("cannot be read");
  });

  it("take keys on P-256 only, and say how to make one", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    expect(() => publicHalf(rsa.privateKey)).toThrow("openssl genpkey -algorithm EC");
  });
});

describe("the pointer's history", () => {
  const move = (version: string, action = "publish") => ({ version, action, at: "", by: "" });
  const after = (...moves: ReturnType<typeof move>[]) => moves.reduce(recordMove, [] as ReturnType<typeof move>[]);

  it("leads a rollback one version back, and a second one two, not forth again", () => {
    const one = after(move("a"), move("b"), move("c"));
    expect(rollbackTarget(one, "c")).toBe("b");
    expect(rollbackTarget(recordMove(one, move("b", "rollback")), "b")).toBe("a");
  });

  it("leads back from a pointer that was moved by hand, and refuses where nothing was before", () => {
    expect(rollbackTarget(after(move("a"), move("b")), "x")).toBe("b");
    expect(() => rollbackTarget(after(move("a")), "a")).toThrow("no version before a");
  });

  it("keeps from pruning the current version, the last ones, and what waits; half-published ones go", () => {
    const history = after(move("a"), move("b"), move("c"), move("d"));
    const stored = ["a", "b", "c", "d", "old", "new"].map((version, at) => ({ version, revision: at + 1 }));
    const [old] = stored.filter(({ version }) => version === "old");
    if (old) old.revision = 0.5;
    expect(planPrune([...stored, { version: "half" }], history, "d", 2)).toEqual(["a", "old", "half"]);
  });
});

describe("two versions", () => {
  it("differ by the files that were added, removed or changed", () => {
    const of = (files: DistributedFile[]) => manifestOf(planVersion({ nova: files }, {}, mac), new Map());
    const before = of([file("/etc/a", "1"), file("/etc/b", "1"), file("/etc/c", "1")]);
    const after = of([file("/etc/b", "1"), file("/etc/c", "2", true), file("/etc/d", "1")]);
    expect(diffManifests(before, after).map(({ change, path }) => `${change} ${path}`)).toEqual([
      "removed /etc/a",
      "changed /etc/c",
      "added /etc/d",
    ]);
  });

  it("are each whole only with every stored value as its manifest says", () => {
    const plan = planVersion({ nova: [file("/etc/a", "1")] }, {}, mac);
    const manifest = manifestOf(plan, new Map([["nova/etc/a", "1"]]));
    expect(damagedKeys(manifest, new Map([["nova/etc/a", Buffer.from("1")]]))).toEqual([]);
    expect(damagedKeys(manifest, new Map([["nova/etc/a", Buffer.from("2")]]))).toEqual(["nova/etc/a"]);
    expect(damagedKeys(manifest, new Map())).toEqual(["nova/etc/a"]);
  });
});

describe("publishing", () => {
  const keys: PublisherKeys = { signing: signing.privateKey, recipients: { "*": [other.publicKey] } };
  const files = (content: string) => ({ nova: [file("/etc/nova/a", content), file("/etc/nova/b", content, true)] });

  it("moves the pointer last, after all files and the manifest", async () => {
    const store = new MemoryStore();
    await publish(memoryTarget(store), await prepare(files("1"), keys), keys, true);
    const order = store.commits.map((writes) => writes.map(({ key }) => key.split("/").pop()));
    expect(order).toEqual([["a", "b"], ["manifest"], ["current", "history"]]);
  });

  it("fits each transaction into the store's limits", () => {
    const store = Object.assign(new MemoryStore(), { limits: { operations: 4, bytes: 100 } });
    const write = (size: number) => ({ key: "k", value: "x".repeat(size) });
    const sizes = batches(store, [10, 10, 10, 10, 90, 50, 40].map(write), 1).map((batch) => batch.length);
    expect(sizes).toEqual([3, 1, 1, 2]);
  });

  it("refuses secrets that nobody could read", async () => {
    await expect(prepare(files("1"), { ...keys, recipients: {} })).rejects.toThrow("--recipient nova=");
  });
});

describe("what the command line is given", () => {
  it("is a store's address with its endpoints and prefix, and never plain HTTP over a network", () => {
    expect(parseAddress("etcd+https://a:2379,b:2379/fabric/production")).toEqual({
      kind: "etcd",
      endpoints: ["https://a:2379", "https://b:2379"],
      prefix: "fabric/production",
    });
    expect(parseAddress("consul+http://127.0.0.1:8500").prefix).toBe("fabric");
    expect(() => parseAddress("consul+http://10.0.0.1:8500")).toThrow("http only on loopback");
    expect(() => parseAddress("etcd+https://me:hunter2@a:2379")).toThrow(/^(?!.*hunter2).*without a password/);
  });

  it("is a stack's output whose secrets are shown; a hidden one says what to add", () => {
    const output = { messaging: { serviceConfig: { nova: [{ path: "/etc/a", content: "1" }] } } };
    expect(readStackOutput(JSON.stringify(output), "messaging.serviceConfig")).toEqual({
      nova: [{ path: "/etc/a", content: "1", secret: true }],
    });
    expect(() => readStackOutput('{"messaging":"[secret]"}', "messaging.serviceConfig")).toThrow("--show-secrets");
    expect(() => readStackOutput('{"other":1}', "messaging.serviceConfig")).toThrow("it has other");
  });
});

describe("the node's agent", () => {
  const input: AgentInput = {
    hostName: "compute-1",
    store: { kind: "etcd", endpoints: ["https://etcd-1:2379"], prefix: "fabric/p", user: "compute-1", secret: "PASS" },
    publisherKeyPem: "PUBLISHER",
    nodeKeyPems: ["NODE-KEY"],
    services: { nova: { units: ["nova-compute.service"] } },
  };
  const files = agentFiles(input);

  it("has its key and password in files that root alone reads, and nowhere else", () => {
    for (const secret of ["PASS", "NODE-KEY"]) {
      const holding = files.filter(({ content }) => content.includes(secret));
      expect(holding.map(({ mode }) => mode)).toEqual(["0400"]);
    }
  });

  it("reloads the units of a service by systemd unless told otherwise", () => {
    const settings = files.find(({ path }) => path.endsWith("agent.json"));
    expect(JSON.parse(settings?.content ?? "{}")).toMatchObject({
      services: { nova: { reload: [["systemctl", "reload-or-restart", "nova-compute.service"]] } },
    });
  });

  it("is the same text each time, and small enough for user data beside a server's own", () => {
    expect(agentFiles(input)).toEqual(files);
    const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    expect(bytes).toBeLessThan(32 * 1024);
  });
});
