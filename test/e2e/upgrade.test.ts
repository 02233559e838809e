import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { failOn, pulumi } from "../../tools/workspace/workspace";
import { openUpgrade, RECORDED, type UpgradeConfig } from "./support/recorded";
import { run } from "./support/stack";

interface RecordedState {
  deployment: { resources: { type: string; outputs?: { ids?: UpgradeConfig["ids"] } }[] };
}

/** A cloud that nobody asks: a preview of what is there already compares inputs alone. */
const NO_CLOUD = {
  authUrl: "https://cloud.invalid/v3",
  userName: "nobody",
  password: "none",
  tenantName: "none",
  domainName: "Default",
};

const versions = readdirSync(RECORDED).map((file) => basename(file, ".json"));

/** What today's program would do to the stack. */
interface Preview {
  /** Those that change something. */
  steps: { op: string; urn: string }[];
  /** How many resources would be treated how. */
  changeSummary: { same?: number };
}

describe.each(versions)("a stack of version %s", (version) => {
  const file = join(RECORDED, `${version}.json`);
  const { resources } = (JSON.parse(readFileSync(file, "utf8")) as RecordedState).deployment;
  const folders: string[] = [];

  afterEach(() => folders.splice(0).forEach((dir) => rmSync(dir, { recursive: true })));

  /** Previews today's program over the recorded state, without a cloud. */
  const previewed = async (renamed?: UpgradeConfig["renamed"]): Promise<Preview> => {
    const dir = mkdtempSync(join(tmpdir(), "fabric-upgrade-"));
    folders.push(dir);
    const ids = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.ids ?? {
      external: "",
      image: "",
    };
    const workspace = await openUpgrade(dir, { ids, provider: NO_CLOUD, renamed }, {});
    failOn(await pulumi(workspace, ["stack", "import", "--file", file]), "pulumi stack import");
    const { exitCode, output } = await run(workspace, "preview", "--json");
    expect(exitCode, output).toBe(0);
    return JSON.parse(output.slice(output.indexOf("{"))) as Preview;
  };
  /** Operations that lose something, with the names of what they would be done to. */
  const losses = ({ steps }: Preview) =>
    steps
      .filter(({ op }) => /replace|delete|discard/.test(op))
      .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`);

  it("loses nothing to today's components: nothing is replaced, nothing deleted", async () => {
    const preview = await previewed();
    expect(losses(preview)).toEqual([]);
    // The program has them all still; the provider is told of another cloud.
    expect(preview.changeSummary.same).toBeGreaterThan(50);
  });

  it("keeps its cluster where a component is renamed and says its former name, down to the groups of nodes", async () => {
    expect(losses(await previewed("with-alias"))).toEqual([]);
  });

  it("would lose its cluster to a rename that says nothing, which is what the two before look for", async () => {
    const lost = losses(await previewed("without-alias"));
    expect(lost).toEqual(expect.arrayContaining(["delete site-cluster", "delete site-cluster-batch"]));
  });
});
