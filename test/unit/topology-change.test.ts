import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { drawPreview } from "../../tools/topology/draw";
import type { Box } from "../../tools/topology/model";
import { changeGraph } from "../../tools/topology/preview/graph";
import { parsePreview, previewOf } from "../../tools/topology/preview/read";
import { clusterSteps, type RawStep, recordedChange, serverSteps } from "../support/previews/steps";
import { elementsOf } from "../support/svg";

const all = (boxes: readonly Box[]): Box[] => boxes.flatMap((box) => [box, ...all(box.children)]);
const graph = (...steps: RawStep[]) => changeGraph([{ preview: previewOf({ steps }) }]);
const draw = (...steps: RawStep[]) => drawPreview({ preview: { steps } });

/** A thousand servers and nodes, of which few change. */
function thousand(): RawStep[] {
  const edges = Array.from({ length: 600 }, (_, at) => {
    const op = at < 12 ? "create" : at < 15 ? "delete" : "same";
    return serverSteps(
      op,
      "RouterMesh",
      `messaging-router-edge-rack-${(at % 10) + 1}-${String(at).padStart(3, "0")}`,
      `az-${(at % 3) + 1}`,
    );
  });
  const clusters = Array.from({ length: 10 }, (_, at) =>
    clusterSteps(at === 3 ? "create" : "same", `c${at}`, 40, { gpu: 8 }),
  );
  const brokers = [1, 2, 3].map((at) => serverSteps("same", "BrokerCluster", `messaging-broker-0${at}`, `az-${at}`));
  return [...edges, ...brokers, ...clusters].flat();
}

describe("a picture of a change", () => {
  it("is small, narrow and soon there for a thousand nodes, and counts the changed ones", async () => {
    const steps = thousand();
    const begun = performance.now();
    const svg = await draw(...steps);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(Buffer.byteLength(svg)).toBeLessThan(200_000);
    const [picture] = elementsOf(svg);
    expect(Number(picture?.attributes["width"])).toBeLessThanOrEqual(2_000);
    const made = graph(...steps);
    const edges = all(made.boxes).filter(({ kind }) => kind === "edges");
    expect(edges.map(({ title, change }) => [title, change?.counts])).toEqual(
      Array(3).fill(["199 edge routers", { create: 4, delete: 1 }]),
    );
    expect(edges[0]?.lines[0]).toMatch(/^rack-1 \d+–\d+ {2}×20 {2}\+1$/);
    const clusters = all(made.boxes).find(({ title }) => title === "10 clusters");
    expect(clusters?.change?.counts).toEqual({ create: 1 });
    expect(clusters?.lines[0]).toBe("+ made-c3");
  });

  it("can be made of any part of a preview, whatever happens to its resources", async () => {
    const { steps } = recordedChange();
    const operations = fc.constantFrom("same", "create", "update", "replace", "delete", "read", "discard");
    const some = fc.subarray(steps, { minLength: 1 });
    const parts: RawStep[][] = [];
    const property = fc.property(some, fc.array(operations, { minLength: 1 }), (part, ops) => {
      const changed = part.map((one, at) => ({ ...one, op: ops[at % ops.length] ?? "same" }));
      const { boxes, flows, bonds } = graph(...changed);
      const ids = all(boxes).flatMap(({ id, ports = [] }) => [id, ...ports]);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(flows.flatMap(({ from, to }) => [from, to])));
      expect(ids).toEqual(expect.arrayContaining(bonds.flatMap(({ ends }) => ends)));
      parts.push(changed);
    });
    fc.assert(property, { numRuns: 300, seed: 1 });
    for (const part of parts.slice(0, 5)) elementsOf(await draw(...part));
  });

  it("never has a secret of the states in it, not even of a preview with --show-secrets", async () => {
    const secret = "s3cr3t-5eed";
    const seeded = (steps: RawStep[]) =>
      steps.map((one) => ({
        ...one,
        oldState: one.oldState && {
          ...one.oldState,
          inputs: { ...one.oldState.inputs, userData: secret, result: secret, labels: { a: secret } },
        },
        newState: one.newState && {
          ...one.newState,
          inputs: { ...one.newState.inputs, userData: `${secret}2`, result: secret, labels: { b: secret } },
        },
        diffReasons: ["userData", "result", "labels"],
      }));
    const { steps } = recordedChange();
    const svg = await draw(...seeded(steps));
    expect(svg).toContain("userData");
    expect(svg).not.toContain(secret);
    expect(await draw(...seeded(thousand()))).not.toContain(secret);
  });

  it("shows neither masked nor unknown values", async () => {
    const [component, port, instance] = serverSteps("create", "BrokerCluster", "messaging-broker-01", "[secret]");
    port!.newState!.inputs = { fixedIps: [{ ipAddress: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }] };
    const svg = await draw(component!, port!, instance!);
    expect(svg).not.toContain("[secret]");
    expect(svg).not.toContain("04da6b54");
    expect(svg).toContain("made-broker-01");
  });

  it("frames each of several stacks, and pictures on one page have no id in common", async () => {
    const production = recordedChange();
    const other = { steps: serverSteps("create", "BrokerCluster", "messaging-broker-01", "az-1") };
    const svg = await drawPreview({ preview: production }, { preview: other });
    const texts = elementsOf(svg).map(({ text }) => text);
    for (const text of ["Change of stacks production, made", "Stack production", "Stack made"])
      expect(texts).toContain(text);
    const ids = [svg, await drawPreview({ preview: production }), await drawPreview({ preview: other })].flatMap(
      (one) => [...one.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id),
    );
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
    expect(
      [...svg.matchAll(/class="([^"]+)"/g)]
        .flatMap(([, names = ""]) => names.split(" "))
        .filter((name) => !/^ft(-|$)/.test(name)),
    ).toEqual([]);
  });

  it("has a tooltip on every box, with the reasons", async () => {
    const svg = await drawPreview({ preview: recordedChange() });
    const boxes = svg.match(/<g class="ft-box[^"]*">(<title>)?/g) ?? [];
    expect(boxes.length).toBeGreaterThan(20);
    expect(boxes.filter((box) => !box.endsWith("<title>"))).toEqual([]);
    expect(svg).toContain("replace: flavor m1.large → m1.xlarge, metadata, userData");
  });

  it("names the changes in its description for those who cannot see it", async () => {
    const svg = await drawPreview({ preview: recordedChange() });
    const description = /<desc[^>]*>([^<]*)<\/desc>/.exec(svg)?.[1];
    expect(description).toContain("update cluster-analysis, nodes 24 → 32");
    expect(description).toContain("delete template-small");
  });

  it("cannot be made of what is no preview, and says how to make one", () => {
    expect(() => parsePreview("Previewing update…", "p.json")).toThrow(
      "p.json is no preview: it is no JSON. Write one by `pulumi preview --json > preview.json`.",
    );
    expect(() => previewOf({ version: 3, deployment: {} }, "p.json")).toThrow(
      "p.json is no preview: it has no steps of the engine.",
    );
    expect(() => previewOf({ steps: [] }, "p.json")).toThrow("p.json is no preview: it has no steps.");
  });
});
