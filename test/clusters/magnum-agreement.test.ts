import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import type { CloudClient } from "../../components/cloud/client";
import { type Inventory, readInventory } from "../../stacks/cloud/inventory";
import { clientOf } from "../support/sandbox/cloud";
import { cluster, OWN, template } from "./support/draws";
import { type Answer, type Magnum, magnumOf, templateBody } from "./support/magnum";
import { verdictOf } from "./support/verdict";

/** Draws are the same every time; `AGREEMENT_SEED` gives others. */
const SEED = Number(process.env["AGREEMENT_SEED"] ?? 20261125);
const TEMPLATES = 1000;
const CLUSTERS = 40;

const created = z.object({ id: z.string() });
let magnum: Magnum;
let user: CloudClient;
let admin: CloudClient;
let cloud: Inventory;
let external: string;

beforeAll(async () => {
  [user, admin, magnum] = await Promise.all([clientOf("sandbox"), clientOf("sandbox-admin"), magnumOf("sandbox")]);
  await makeOwn();
  cloud = await readInventory(user, "agreement");
  external = cloud.networks.find(({ name }) => name === "public")?.id ?? "";
  console.log(`AGREEMENT_SEED=${SEED}`);
});

afterAll(async () => {
  await setNetworkQuota(100);
});

describe("Magnum's real API", () => {
  it(`takes every one of ${TEMPLATES} drawn templates that the plan takes, and the plan says why it refuses the others`, async () => {
    const drawn = fc.sample(template, { numRuns: TEMPLATES, seed: SEED });
    const results = await sideBySide(drawn, async (given) => {
      const verdict = verdictOf({ templates: { t: given } }, cloud);
      if ("reasons" in verdict) return { given, reasons: verdict.reasons };
      const plan = verdict.plan.templates["t"];
      if (plan === undefined) throw new Error("the plan has no template");
      const answer = await magnum("POST", "/clustertemplates", templateBody(plan, external));
      if (answer.uuid !== undefined) await magnum("DELETE", `/clustertemplates/${answer.uuid}`);
      return { given, answer };
    });
    expect(report("templates", results, 201)).toEqual([]);
  });

  it(`takes every one of ${CLUSTERS} drawn clusters that the plan takes`, async () => {
    // Accepted clusters are begun for real; without a further network each ends at its stack's first resource.
    await setNetworkQuota(1);
    const drawn = fc.sample(cluster, { numRuns: CLUSTERS, seed: SEED });
    const templates = { plain: await makeTemplate(false), balanced: await makeTemplate(true) };
    const results = await sideBySide(drawn, async ({ loadBalancer, ...given }, index) => {
      const layer = { templates: { t: small(loadBalancer === true) }, clusters: { c: { template: "t", ...given } } };
      const verdict = verdictOf(layer, cloud);
      if ("reasons" in verdict) return { given: layer, reasons: verdict.reasons };
      const [plan] = verdict.plan.clusters;
      const answer = await magnum("POST", "/clusters", {
        name: `agreement-${index}`,
        cluster_template_id: loadBalancer === true ? templates.balanced : templates.plain,
        node_count: plan?.nodes,
        master_count: plan?.masters,
        labels: plan?.labels,
        merge_labels: true,
      });
      if (answer.uuid !== undefined) await magnum("DELETE", `/clusters/${answer.uuid}`);
      return { given: layer, answer };
    });
    expect(report("clusters", results, 202)).toEqual([]);
  });

  it("takes public and hidden templates of whoever may publish, and of nobody else", async () => {
    const publish = async (as: Magnum) => {
      const verdict = verdictOf({ templates: { t: { ...small(false), public: true, hidden: true } } }, cloud);
      if ("reasons" in verdict) throw new Error(verdict.reasons.join("\n"));
      const [plan] = Object.values(verdict.plan.templates);
      if (plan === undefined) throw new Error("no plan");
      const answer = await as("POST", "/clustertemplates", {
        ...templateBody(plan, external),
        public: true,
        hidden: true,
      });
      if (answer.uuid !== undefined) await as("DELETE", `/clustertemplates/${answer.uuid}`);
      return answer.status;
    };
    expect([await publish(await magnumOf("sandbox-admin")), await publish(magnum)]).toEqual([201, 403]);
  });

  it("refuses to remove a template while a cluster is made of it, which is why published ones are retained", async () => {
    const uuid = await makeTemplate(false);
    const made = await magnum("POST", "/clusters", { name: "holder", cluster_template_id: uuid, node_count: 1 });
    await gone(async () => (await magnum("GET", `/clusters/${made.uuid}`)).status === 200);
    const refused = await magnum("DELETE", `/clustertemplates/${uuid}`);
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining("is referenced by one or multiple clusters"),
    ]);
    await magnum("DELETE", `/clusters/${made.uuid}`);
    await gone(async () => (await magnum("GET", `/clusters/${made.uuid}`)).status === 404);
    expect((await magnum("DELETE", `/clustertemplates/${uuid}`)).status).toBe(204);
  });
});

interface Result {
  given: unknown;
  answer?: Answer;
  reasons?: readonly string[];
}

/** Prints what was drawn, and gives the disagreements: accepted by the plan and refused by Magnum, or refused for nothing. */
function report(what: string, results: readonly Result[], success: number): unknown[] {
  const refused = results.filter(({ reasons }) => reasons !== undefined);
  const accepted = results.filter(({ answer }) => answer !== undefined);
  console.log(`${what}: ${results.length} drawn, ${accepted.length} taken by the plan, ${refused.length} refused:`);
  console.log(`  ${blamed(refused)}`);
  // Draws that are nearly all right, or nearly all wrong, would show nothing.
  expect(accepted.length).toBeGreaterThan(results.length / 10);
  expect(refused.length).toBeGreaterThan(results.length / 10);
  return [
    ...accepted.filter(({ answer }) => answer?.status !== success),
    ...refused.filter(({ reasons }) => !reasons?.every((reason) => /`(clusters\.|catalogue )/.test(reason))),
  ];
}

/** How often each setting was blamed. */
function blamed(refused: readonly Result[]): string {
  const counts = new Map<string, number>();
  for (const reason of refused.flatMap(({ reasons = [] }) => reasons)) {
    const setting = /^`([^`]+)`/.exec(reason)?.[1]?.replace(/\.labels\..+/, ".labels") ?? reason;
    counts.set(setting, (counts.get(setting) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([setting, count]) => `${setting} ${count}`)
    .join(", ");
}

/** Four at a time, in order. */
async function sideBySide<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return results;
}

const small = (masterLoadBalancer: boolean) => ({ image: "fedora-coreos", flavor: "m1.small", masterLoadBalancer });

async function makeTemplate(masterLoadBalancer: boolean): Promise<string> {
  const verdict = verdictOf({ templates: { t: small(masterLoadBalancer) } }, cloud);
  if ("reasons" in verdict) throw new Error(verdict.reasons.join("\n"));
  const [plan] = Object.values(verdict.plan.templates);
  if (plan === undefined) throw new Error("no plan");
  const { uuid, text } = await magnum("POST", "/clustertemplates", templateBody(plan, external));
  if (uuid === undefined) throw new Error(text);
  return uuid;
}

/** What drawn templates name and the seed does not have. */
async function makeOwn(): Promise<void> {
  const network = await user.ask(
    "network",
    "/networks",
    { network: { name: OWN.network } },
    z.object({ network: created }),
  );
  const subnet = { name: OWN.subnet, network_id: network.network.id, ip_version: 4, cidr: "10.99.0.0/24" };
  await user.send("POST", "network", "/subnets", { subnet });
  await user.send("POST", "compute", "/os-keypairs", { keypair: { name: OWN.keyPair } });
  await admin.send("POST", "compute", "/flavors", { flavor: { name: OWN.diskless, vcpus: 1, ram: 512, disk: 0 } });
}

async function setNetworkQuota(network: number): Promise<void> {
  await admin.send("PUT", "network", `/quotas/${user.projectId}`, { quota: { network } });
}

/** Waits until something is as it should be. */
async function gone(isSo: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + 300_000;
  while (!(await isSo())) {
    if (Date.now() > until) throw new Error("it took longer than five minutes");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
