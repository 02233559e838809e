import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { conform } from "../../tools/blend/conformance/conform";
import type { ControlledMember } from "../../tools/blend/conformance/promise";
import { loopbackUrl } from "../../tools/blend/loopback";
import type { Report } from "../../tools/blend/report/report";
import { run } from "../../tools/blend/run";
import { parseTarget } from "../../tools/blend/target";
import type { Target } from "../../tools/blend/transports/transport";
import { CHECKOUT } from "../../tools/workspace/workspace";
import { startChromium } from "../support/chromium";
import { controlledNodes } from "../support/controlledNodes";
import { RabbitmqCluster } from "../support/rabbitmqCluster";

const MAIN = join(CHECKOUT, "dist", "tools", "blend", "main.js");
const SHAPE = { clients: 2, servers: 2, size: 256, timeoutMs: 5_000 };

const blend = (...args: string[]) => execa(process.execPath, [MAIN, ...args], { reject: false });

describe("the tool itself", () => {
  it("counts a fan-out at every server, and loses the messages that the middleware loses", async () => {
    const target = parseTarget(await loopbackUrl("sim", 2, "loss=0.1"));
    const load = { kind: "open", rate: 200, clients: 2, warmup: 0.5, seconds: 2 } as const;
    const { sent, lost, achieved } = await run({ ...SHAPE, target, pattern: "fanout", load });
    expect(sent).toBe(400);
    // Each server loses every tenth of all, of which the warm-up's are not counted.
    expect(Math.abs(lost - 80)).toBeLessThanOrEqual(2);
    expect(achieved).toBeGreaterThan(170);
  });

  it("marks a rate beyond its own ceiling, and draws a page that a browser shows in light and dark", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fabric-blend-"));
    try {
      const [json, html] = [join(folder, "result.json"), join(folder, "page.html")];
      const url = await loopbackUrl("zmq", 2);
      const load = ["--pattern", "cast", "--rate", "100,900000", "--seconds", "1", "--warmup", "0"];
      const { exitCode, stderr } = await blend("load", url, ...load, "--json", json, "--html", html);
      expect(exitCode, stderr).toBe(0);
      const { runs } = JSON.parse(readFileSync(json, "utf8")) as Report;
      expect(runs.map(({ marks }) => marks.some((mark) => mark.includes("beyond the tool's ceiling")))).toEqual([
        false,
        true,
      ]);
      await expectPage(html);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);

  it("refuses calls over Kafka, before it connects to anything", async () => {
    const { exitCode, stderr } = await blend("load", "kafka://u:p@127.0.0.1:1/", "--pattern", "call");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("refused for call: Kafka keeps a request that nobody waits for");
  });
});

/** Both charts are there, nothing is fetched, and the ground follows the reader's choice. */
async function expectPage(file: string): Promise<void> {
  const browser = await startChromium();
  try {
    const grounds: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await browser.newPage({ colorScheme });
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(`file://${file}`);
      expect(asked).toHaveLength(1);
      expect(await page.locator("figure svg").count()).toBe(2);
      expect(await page.locator("figure svg path").count()).toBeGreaterThan(4);
      expect(await page.locator("#runs tbody tr").count()).toBe(2);
      grounds.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
    }
    expect(new Set(grounds).size).toBe(2);
  } finally {
    await browser.close();
  }
}

describe("ZeroMQ, from process to process", () => {
  it("keeps every promise of RPC", async () => {
    const target = parseTarget(await loopbackUrl("zmq", 3), "ZeroMQ");
    const { findings, refusals } = await conform(target);
    expect(findings.length).toBeGreaterThan(6);
    for (const { pattern, promise, outcome, evidence } of findings) {
      expect(outcome, `${pattern}, ${promise}: ${evidence}`).toBe("kept");
    }
    expect(refusals.map(({ pattern }) => pattern)).toEqual(["notification"]);
  }, 120_000);
});

describe("a RabbitMQ of three nodes", () => {
  let cluster: RabbitmqCluster;
  let target: (query: string) => Target;
  let members: ControlledMember[];

  beforeAll(async () => {
    const users = [{ name: "nova", password: "x" }];
    cluster = await RabbitmqCluster.start({ users, vhost: "blend", foundsAtOnce: true });
    const hosts = cluster.nodes.map(({ endpoint }) => `nova:x@${endpoint}`).join(",");
    target = (query) => parseTarget(`rabbit://${hosts}/blend?${query}`, query, cluster.authority.caPem);
    members = controlledNodes(cluster);
  });
  afterAll(() => cluster?.stop());

  it("keeps what it promises of calls: an absent server is told, and nothing stale is executed", async () => {
    const promises = ["absent server", "nothing stale"];
    for (const query of ["queue=classic", "queue=quorum"]) {
      const { findings } = await conform(target(query), { patterns: ["call"], promises });
      expect(findings.filter(({ outcome }) => outcome !== "kept")).toEqual([]);
      expect(findings).toHaveLength(2);
    }
  });

  it("carries all four patterns under load, none lost and none twice, with its own processor time", async () => {
    const load = { kind: "open", rate: 50, clients: 2, warmup: 0.5, seconds: 2 } as const;
    for (const pattern of ["call", "cast", "fanout", "notification"] as const) {
      const pids = members.flatMap((member) => member.pids());
      const found = await run({ ...SHAPE, target: target("queue=classic"), pattern, load, pids });
      expect(found, pattern).toMatchObject({ sent: 100, failures: {}, lost: 0, duplicates: 0 });
      expect(found.latency.count).toBe(pattern === "fanout" ? 200 : 100);
      expect(found.processorMs).toBeGreaterThan(0);
    }
  });

  it("serves clients of quorum queues at another node when theirs is lost, calls and notifications", async () => {
    const { findings } = await conform(target("queue=quorum"), { promises: ["reconnect"], members });
    expect(findings.map(({ pattern, outcome, evidence }) => `${pattern} ${outcome}: ${evidence}`)).toEqual([
      expect.stringMatching(/^call kept: /),
      expect.stringMatching(/^notification kept: /),
    ]);
  }, 200_000);

  it("keeps notifications over `kill -9` in durable queues, and is found out where they are not", async () => {
    const options = { patterns: ["notification" as const], promises: ["crash"], members };
    const durable = await conform(target("queue=classic"), options);
    const wrong = await conform(target("queue=classic&durable=false"), options);
    expect(durable.findings.map(({ outcome, evidence }) => `${outcome}: ${evidence}`)).toEqual([
      "kept: 3 member(s) killed and started: 30 of 30 came",
    ]);
    expect(wrong.findings.map(({ outcome, evidence }) => `${outcome}: ${evidence}`)).toEqual([
      "broken: 3 member(s) killed and started: 0 of 30 came",
    ]);
  }, 200_000);
});
