import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { scrubber } from "../../components/cloud/scrub";
import { UserError } from "../../components/errors";
import { checkNeeds, idOf } from "../../stacks/cloud/check";
import { checkOrigin, describeFacts, factsPath } from "../../stacks/cloud/facts/file";
import { type CloudFacts, formatFacts, inventoryOf, magnumOf, parseFacts } from "../../stacks/cloud/facts/format";
import { namesIn, scrubAll, selectFacts } from "../../stacks/cloud/facts/select";
import type { Inventory } from "../../stacks/cloud/inventory";
import type { MagnumState } from "../../stacks/cloud/magnumClusters";
import { needsOf } from "../../stacks/cloud/needs";
import { parseConfig } from "../../stacks/config/parse";
import { planStack } from "../../stacks/plan";

const OWNER = "openstack-fabric/prod";
const config = parseConfig(
  {
    cloud: { release: "2026.1", keyPair: "deploy" },
    network: { zones: ["az-1"], cidr: "10.20.0.0/16", external: "public" },
    messaging: {
      ...{ mode: "hybrid", release: "2024.2", services: ["nova"] },
      broker: { nodes: 3, flavor: "small", image: "debian-12", volumeSize: 10 },
      rpc: { interior: 2, flavor: "private-large", image: "debian-12" },
    },
    clusters: {
      templates: { k8s: { image: "coreos", flavor: "small" } },
      clusters: { trial: { template: "k8s", nodes: 2 } },
    },
  },
  { file: "test" },
);
const plan = planStack(config, "prod");
const needs = needsOf(config, plan);

/** Nothing of these may be in a file that is committed. */
const PRIVATE = {
  token: "gAAAAABm-seeded-token",
  password: "seeded-pass-word",
  secret: "seeded-secret-4711",
  projectId: "0123456789abcdef0123456789abcdef",
  userId: "fedcba9876543210fedcba9876543210",
  project: "acme-research",
  user: "jdoe",
};
const login = {
  credentials: {
    ...{ origin: "a test", authUrl: "https://keystone.acme.example/v3", interface: "public", verify: true },
    auth: { username: PRIVATE.user, password: PRIVATE.password, application_credential_secret: PRIVATE.secret },
  },
  session: {
    ...{ token: PRIVATE.token, projectId: PRIVATE.projectId, userId: PRIVATE.userId, catalog: [] },
    names: { project: PRIVATE.project, user: PRIVATE.user },
  },
};

const flavor = (name: string, isPublic: boolean) => ({
  ...{ id: `flavor-${name}`, name, vcpus: 2, ram: 2048, disk: 20 },
  "os-flavor-access:is_public": isPublic,
});
const image = (name: string, visibility: string, over: object = {}) => ({
  ...{ id: `image-${name}`, name, status: "active", visibility },
  ...over,
});
const network = (name: string, over: object = {}) => ({
  ...{ id: `net-${name}`, name, tags: [], "router:external": false, shared: false },
  ...over,
});
const OWN = { "fabric-stack": OWNER, "fabric-broker": "rabbitmq" };

/** A cloud with the secrets, the project and other people's things in every place that has a name. */
const inventory: Inventory = {
  flavors: [flavor("small", true), flavor("private-large", false), flavor("acme-research.huge", false)],
  images: [
    image("debian-12", "public"),
    image("coreos", "private", { os_distro: "fedora-coreos" }),
    image(`snapshot of jdoe's ${PRIVATE.password}`, "private"),
    image(`golden-${PRIVATE.projectId}`, "public"),
    image("acme-research-base", "public"),
    image(`oops ${PRIVATE.secret} ${PRIVATE.token}`, "public"),
  ],
  networks: [
    network("public", { "router:external": true }),
    network("campus", { shared: true, tags: ["owner=jdoe"] }),
    network("acme-research-lan"),
    network(plan.network?.name ?? "", { tags: [`fabric-stack=${OWNER}`, "cost-centre=4711"] }),
  ],
  subnets: [
    { id: "subnet-1", name: plan.network?.subnets[0]?.name ?? "" },
    { id: "subnet-2", name: "acme-research-subnet" },
  ],
  zones: ["az-1"],
  keyPairs: ["deploy", "jdoe-laptop"],
  servers: [
    { id: "server-1", name: "prod-broker-01", metadata: { ...OWN, contact: "jdoe@acme.example" } },
    { id: "server-2", name: "prod-payroll", metadata: {} },
    { id: "server-3", name: "prod-broker-02", metadata: { owner: "jdoe" } },
  ],
  volumes: [
    { name: "prod-broker-01-data", metadata: { ...OWN, note: PRIVATE.secret } },
    { name: "payroll-data", metadata: {} },
    { name: null, metadata: {} },
  ],
  clusters: [
    { name: "prod-trial", node_count: 2, master_count: 1 },
    { name: "acme-research-gpu", node_count: 9, master_count: 1 },
  ],
  ports: ["prod-broker-01", "payroll-port"],
  securityGroups: ["default", "prod-brokers", "payroll"],
  serverGroups: ["prod-brokers", "payroll"],
  missingServices: [],
  applicationCredential: { name: "jdoe-ci", restricted: true, managesTrusts: true },
  quotas: { instances: { limit: 50, used: 3 }, cores: { limit: -1, used: 6 } },
};
const magnum: MagnumState = {
  clusters: new Map([
    [
      "prod-trial",
      {
        ...{ name: "prod-trial", templateName: "prod-k8s-0a1b2c3d", status: "CREATE_COMPLETE", masters: 1 },
        labels: { kube_tag: "v1.33.0", grafana_admin_passwd: PRIVATE.secret },
        ownLabels: ["grafana_admin_passwd", "kube_tag"],
      },
    ],
  ]),
  templatesInUse: ["prod-k8s-0a1b2c3d", "prod-k8s-0a1b2c3d", "acme-research-template"],
};

function factsOf(from: Inventory = inventory): CloudFacts {
  const selected = selectFacts({ needs, owner: OWNER, prefix: "prod", inventory: from, magnum });
  const scrub = scrubber(login.credentials, login.session, new Set([...namesIn(needs), OWNER]));
  return { format: 1, stack: "prod", recorded: "2026-11-29", cloud: {}, ...scrubAll(selected, scrub) };
}

const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });

describe("recorded facts of a cloud", () => {
  it("hold no secret, no token, no project or user by id or name, and no names of other people's things", () => {
    const text = formatFacts(factsOf());
    for (const value of [...Object.values(PRIVATE), "payroll", "laptop", "4711", "acme.example", "server-1"]) {
      expect(text, value).not.toContain(value);
    }
  });

  it("hold everything that everybody sees, and of the rest what the stack names or has made", () => {
    const { inventory: kept, magnum: clusters } = factsOf();
    expect(kept.flavors.map(({ name }) => name)).toEqual(["small", "private-large"]);
    expect(kept.images.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["debian-12", "coreos", expect.stringMatching(/^golden-project-[0-9a-f]{12}$/)]),
    );
    expect(kept.networks.map(({ name, tags }) => [name, tags])).toEqual([
      ["public", []],
      ["campus", []],
      [plan.network?.name, [`fabric-stack=${OWNER}`]],
    ]);
    expect(kept.keyPairs).toEqual(["deploy"]);
    expect(kept.servers).toEqual([
      { name: "prod-broker-01", metadata: OWN },
      { name: "prod-broker-02", metadata: {} },
    ]);
    expect(kept.volumes).toEqual([{ name: "prod-broker-01-data", metadata: OWN }]);
    expect(clusters.clusters[0]?.labels).toEqual({ kube_tag: "v1.33.0" });
    expect(clusters.templatesInUse).toEqual(["prod-k8s-0a1b2c3d"]);
  });

  it("give a project the same pseudonym every time, and leave what the configuration says itself", () => {
    const kept = scrubber(login.credentials, login.session, new Set(["acme-research-base"]));
    expect(kept("acme-research-base")).toBe("acme-research-base");
    expect(kept("acme-research-old")).toBe(kept(`${PRIVATE.projectId}-old`));
    // A short name is one only as a word of its own.
    expect(kept("jdoes and jdoe")).toMatch(/^jdoes and user-[0-9a-f]{12}$/);
  });

  it("are the same bytes in whatever order the cloud tells them", () => {
    const expected = formatFacts(factsOf());
    const orders = fc.record({
      flavors: shuffled(inventory.flavors),
      images: shuffled(inventory.images),
      networks: shuffled(inventory.networks),
      servers: shuffled(inventory.servers),
      securityGroups: shuffled(inventory.securityGroups),
    });
    fc.assert(fc.property(orders, (order) => formatFacts(factsOf({ ...inventory, ...order })) === expected));
  });

  it("are read back as they were written", () => {
    const text = formatFacts(factsOf());
    expect(formatFacts(parseFacts(text, "f"))).toBe(text);
  });

  it("are checked by what a stack needs, and give the ids of the cloud", () => {
    const found = parseFacts(formatFacts(factsOf()), "f");
    const known = inventoryOf(found);
    expect(idOf(known.images, "debian-12")).toBe("image-debian-12");
    // A secret label is not recorded, and so not seen to change; another one is.
    const wanted = new Map([["prod-trial", { grafana_admin_passwd: "now", kube_tag: "v1.34.0" }]]);
    expect(magnumOf(found, wanted).clusters.get("prod-trial")).toMatchObject({
      status: "CREATE_COMPLETE",
      labels: { grafana_admin_passwd: "now", kube_tag: "v1.33.0" },
      ownLabels: ["grafana_admin_passwd", "kube_tag"],
    });
    const said = (wanted: string) => {
      const other = { ...needs, flavors: new Map([[wanted, "messaging.broker.flavor"]]) };
      try {
        checkNeeds(other, known, OWNER);
      } catch (error) {
        return (error as UserError).findings.join("\n");
      }
      return "nothing";
    };
    expect(said("smal")).toMatch(/`messaging.broker.flavor`: the cloud has no flavor "smal". Did you mean "small"\?/);
    // Not ours, and of a name that the plan has.
    expect(said("small")).toMatch(/A server named "prod-broker-02" is there already and is not of stack/);
  });
});

interface Document {
  recorded: string;
  inventory: { flavors: { vcpus: unknown }[]; zone?: string[] };
}

describe("a file of facts", () => {
  const text = formatFacts(factsOf());
  const broken = (change: (document: Document) => void) => {
    const document = JSON.parse(text) as Document;
    change(document);
    return () => parseFacts(JSON.stringify(document), "stacks/facts/prod.json");
  };

  it("that is no JSON, or of another format, is refused with how to make one", () => {
    expect(() => parseFacts("{", "f.json")).toThrow(/^f\.json is no JSON\. Record it again: `make record STACK=/);
    expect(broken((document) => Object.assign(document, { format: 2 }))).toThrow(
      /^stacks\/facts\/prod\.json: `format` must be 1, got 2\. Record it again/,
    );
    expect(() => parseFacts("null", "f.json")).toThrow(/`format` must be 1, got nothing/);
  });

  it("with mistakes is refused with the path, what was given and what is allowed of every one", () => {
    const change = broken((document) => {
      const { inventory: inner } = document;
      inner.flavors[0]!.vcpus = "two";
      inner.zone = [];
      document.recorded = "yesterday";
    });
    expect(change).toThrow(UserError);
    expect(change).toThrow(/`inventory\.flavors\.0\.vcpus` must be a number, got "two"/);
    expect(change).toThrow(/`inventory\.zone` is not known; did you mean `zones`\?/);
    expect(change).toThrow(/`recorded` must be a day such as 2026-11-29, got "yesterday"/);
  });

  it("lies beside the stack's configuration, under the stack's own name", () => {
    expect(factsPath("acme/openstack-fabric/prod")).toBe("stacks/facts/prod.json");
  });

  it("says which it is and how old, and that it is old after a month", () => {
    const source = { file: "stacks/facts/prod.json", facts: factsOf() };
    const at = (day: string) => describeFacts(source, new Date(`${day}T12:00:00Z`));
    expect(at("2026-11-29").text).toMatch(/those of stacks\/facts\/prod\.json, recorded on 2026-11-29 \(today\)\.$/);
    expect(at("2026-11-30")).toMatchObject({ text: expect.stringContaining("(1 day ago)") as string, old: false });
    expect(at("2027-01-01").text).toMatch(/\(33 days ago\)\. Record them again: `make record STACK=prod`\.$/);
    expect(at("2027-01-01").old).toBe(true);
  });

  it("of another cloud or region is refused", () => {
    const source = { file: "f.json", facts: { ...factsOf(), cloud: { name: "alps", region: "one" } } };
    expect(() => checkOrigin(source, { name: "alps", region: "one" })).not.toThrow();
    expect(() => checkOrigin(source, { name: "alps", region: "two" })).toThrow(
      "`cloud.region` is two, and f.json was recorded with one. Record it again: `make record STACK=prod`.",
    );
    expect(() => checkOrigin(source, { region: "one" })).toThrow(/`cloud.name` is not given/);
  });
});
