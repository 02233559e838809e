import { Command, InvalidArgumentError } from "commander";

import { UserError } from "../../components/errors";
import { keyLayout } from "../../components/oslo/distribution/layout";
import { ACCESS_OPTIONS, type AccessOptions, readAccess, readPublicKey } from "./access";
import { rollback, switchTo, type Target } from "./pointer";
import { addPublish } from "./publishCommand";
import { showDiff, showMoved, showPruned, showStatus } from "./show";
import { diff, prune, status } from "./status";
import { openStore, parseAddress } from "./stores/open";

export interface CommonOptions extends AccessOptions {
  json?: boolean;
  publisherKey?: string;
}

/** What takes longer is said on the standard error, in milliseconds. */
const QUIET_MS = 2000;

const program = new Command("config-distribution").description(
  "Distributes services' configuration files by etcd or Consul: versions that never change, and one pointer that " +
    "switches or rolls back all services. Secret files are encrypted before they leave this machine.",
);

addPublish(command, target, print);
command("switch", "point all nodes at a version")
  .argument("<version>", "the version, or the beginning of it")
  .option("--publisher-key <file>", "public key (PEM) that must have signed the version")
  .action(async (version: string, options: CommonOptions) => {
    print(options, await switchTo(target(options), version), showMoved);
  });
command("rollback", "point all nodes at the version before the current one")
  .option("--publisher-key <file>", "public key (PEM) that must have signed the version")
  .action(async (options: CommonOptions) => {
    print(options, await rollback(target(options)), showMoved);
  });
command("status", "the current version, the others, and what each node has applied").action(
  async (options: CommonOptions) => {
    print(options, await status(target(options)), showStatus);
  },
);
command("diff", "files that are not the same in two versions (names only: contents may be secret)")
  .argument("<to>", "a version")
  .argument("[from]", "the version to compare with (default: the current one)")
  .action(async (to: string, from: string | undefined, options: CommonOptions) => {
    print(options, await diff(target(options), to, from), showDiff);
  });
command("prune", "remove old versions; never the current one, nor one that has not been current yet")
  .option("--keep <count>", "how many of those that were current before to keep", asCount, 10)
  .option("--dry-run", "only say which")
  .action(async (options: CommonOptions & { keep: number; dryRun?: boolean }) => {
    const { keep, dryRun = false } = options;
    print(options, await prune(target(options), keep, dryRun), (versions) => showPruned(versions, dryRun));
  });

function command(name: string, description: string): Command {
  const made = program.command(name).description(description);
  for (const option of ACCESS_OPTIONS) made.addOption(option);
  return made.option("--json", "print the result as JSON");
}

function target(options: CommonOptions): Target {
  const address = parseAddress(options.store);
  return {
    store: openStore(address, readAccess(options)),
    layout: keyLayout(address.prefix),
    progress: progressAfter(QUIET_MS),
    publisherKey:
      options.publisherKey === undefined ? undefined : readPublicKey(options.publisherKey, "--publisher-key"),
  };
}

function progressAfter(quiet: number): (text: string) => void {
  let next = Date.now() + quiet;
  return (text) => {
    if (Date.now() < next) return;
    next = Date.now() + quiet;
    console.error(`${text} …`);
  };
}

function print<T>(options: { json?: boolean }, result: T, show: (result: T) => string): void {
  console.log(options.json === true ? JSON.stringify(result, undefined, 2) : show(result));
}

function asCount(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("It must be a number from 0 to 9999.");
  return Number(text);
}

program.parseAsync().catch((error: unknown) => {
  const plain = error instanceof UserError && process.env["FABRIC_DEBUG"] === undefined;
  console.error(plain ? `error: ${error.message}` : error);
  process.exitCode = 1;
});
