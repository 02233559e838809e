import { Command } from "commander";

import { judge } from "../tools/report/approvals";
import { changesOf } from "../tools/report/changes";
import { htmlOf } from "../tools/report/html";
import { markdownOf } from "../tools/report/markdown";
import { readPreview } from "../tools/report/preview";
import { reportOf } from "../tools/report/report";

const STEPS = 5_000;
const LIMIT = 65_536;

/** What the engine would print for many servers of which every third is replaced. */
function previewText(): string {
  const steps = Array.from({ length: STEPS }, (_, at) => {
    const urn = `urn:pulumi:scale::openstack-fabric::openstack-fabric:index:MessagingBackend$openstack:compute/instance:Instance::server-${at}`;
    const state = (image: string) => ({
      ...{ urn, custom: true, type: "openstack:compute/instance:Instance", outputs: {} },
      inputs: { name: `server-${at}`, imageId: image, metadata: { "fabric-stack": "scale" }, flavorName: "m1.large" },
    });
    const kind = at % 3 === 0 ? "update-replace" : "update";
    return {
      ...{ op: at % 3 === 0 ? "replace" : "update", urn, oldState: state(`old-${at}`), newState: state(`new-${at}`) },
      ...{ diffReasons: ["imageId"], detailedDiff: { imageId: { kind, inputDiff: true } } },
    };
  });
  return JSON.stringify({ steps });
}

function report(text: string): void {
  const changes = changesOf("scale", readPreview("scale", text, "bench"));
  const made = reportOf(["scale"], changes, ["replace-stateful"], judge([], changes, "2026-11-29"));
  markdownOf(made, { limit: LIMIT });
  htmlOf(made);
  JSON.stringify(made, undefined, 2);
}

/** The least that any reader of a preview does. */
function parseAndPrint(text: string): void {
  JSON.stringify(JSON.parse(text), undefined, 2);
}

function median(runs: number, work: () => void): number {
  const times = Array.from({ length: runs + 1 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  // The first run warms the compiler up and is not counted.
  const sorted = times.slice(1).sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) / 1000;
}

new Command("bench-report")
  .description("Times the report of a preview, in all its forms, beside reading and printing its JSON.")
  .option("--runs <count>", "counted runs of each side", "5")
  .action(({ runs }: { runs: string }) => {
    const text = previewText();
    const [ours, peer] = [report, parseAndPrint].map((work) => median(Number(runs), () => work(text))) as [
      number,
      number,
    ];
    const name = `report of ${STEPS} steps`.padEnd(28);
    console.log(
      `${name} ours ${ours.toFixed(2)} s   JSON alone ${peer.toFixed(2)} s   ratio ${(ours / peer).toFixed(2)}`,
    );
  })
  .parse();
