import { Command } from "commander";

import type { CloudClient } from "../../components/cloud/client";
import { findOrphans, type Orphans, type Volume } from "../../components/clusters/orphans";
import { UserError } from "../../components/errors";
import { connectTo, ownStack } from "../workspace/own";
import { planWorkspace } from "../workspace/plan";
import { withProgress } from "../workspace/progress";
import { pulumi, type Workspace } from "../workspace/workspace";
import { ownerOf, readProject } from "./project";
import { removeOrphans } from "./remove";
import { formatOrphans } from "./report";

interface Options {
  yes?: boolean;
  volumes?: boolean;
  volume: string[];
  cluster: string[];
  thenDestroy?: boolean;
  dir?: string;
}

async function main(stack: string, options: Options): Promise<void> {
  if (options.thenDestroy === true && options.yes !== true) {
    throw new UserError("`--then-destroy` needs `--yes`: without it nothing is removed, and the stack stays.");
  }
  const workspace = ownStack(stack, options.dir);
  const planned = await planWorkspace(workspace);
  const client = await withProgress("logging in", () => connectTo(planned.config.cloud.name, workspace));
  const owner = await withProgress("reading the stack", () => ownerOf(client, workspace, planned, options.cluster));
  const sweep = async () => {
    const orphans = await withProgress("reading the project", async () =>
      findOrphans(await readProject(client), owner),
    );
    return { orphans, volumes: chosenVolumes(orphans, options) };
  };
  const { orphans, volumes } = await sweep();
  console.log(formatOrphans(stack, orphans, volumes));
  if (options.yes !== true) return console.log("Nothing was changed: this was a dry run. `--yes` removes.");
  await act(client, orphans, volumes);
  if (options.thenDestroy === true) await destroy(workspace, client, sweep);
}

type Sweep = () => Promise<{ orphans: Orphans; volumes: Volume[] }>;

/** Clusters that live on can make another load balancer until they are gone: what came meanwhile is removed, and the rest goes. */
async function destroy(workspace: Workspace, client: CloudClient, sweep: Sweep): Promise<void> {
  if (await pulumiDestroy(workspace)) return;
  const { orphans, volumes } = await sweep();
  const isNew = orphans.loadBalancers.length + orphans.floatingIps.length + orphans.ports.length > 0;
  if (isNew) {
    console.log("Something came while the clusters went; it is removed, and the stack destroyed once more.");
    await act(client, orphans, volumes);
    if (await pulumiDestroy(workspace)) return;
  }
  throw new UserError("`pulumi destroy` failed; what it said is above. Run this again when the cause is gone.");
}

async function pulumiDestroy(workspace: Workspace): Promise<boolean> {
  const result = await pulumi(workspace, ["destroy", "--yes", "--skip-preview"], { stdio: "inherit" });
  return result.exitCode === 0;
}

function act(client: CloudClient, orphans: Orphans, volumes: readonly Volume[]): Promise<void> {
  return removeOrphans(client, orphans, volumes, (what) => console.log(`removed ${what}`));
}

function chosenVolumes(orphans: Orphans, options: Options): Volume[] {
  const all = [...orphans.volumes, ...orphans.uncertainVolumes];
  return all.filter(
    (volume) => options.volume.includes(volume.id) || (options.volumes === true && orphans.volumes.includes(volume)),
  );
}

const collect = (value: string, before: string[]) => [...before, value];

if (require.main === module) {
  new Command("orphans")
    .description(
      "Finds what the in-cluster cloud provider made for a stack's clusters. Shows it; removes it with --yes.",
    )
    .argument("<stack>", "the stack")
    .option("--yes", "remove: load balancers, floating IPs, ports, security groups, in this order")
    .option("--volumes", "persistent volumes of the stack's clusters, too; their data is lost")
    .option("--volume <id>", "one persistent volume of which the cluster cannot be told (repeatable)", collect, [])
    .option(
      "--cluster <name>",
      "a cluster's name or UUID that neither configuration nor state has any more (repeatable)",
      collect,
      [],
    )
    .option("--then-destroy", "destroy the stack after that")
    .option("--dir <folder>", "folder of the Pulumi project (default: this checkout)")
    .action(main)
    .parseAsync()
    .catch((error: unknown) => {
      console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    });
}
