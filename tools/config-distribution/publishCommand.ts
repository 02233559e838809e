import { text as readAll } from "node:stream/consumers";

import { type Command, InvalidArgumentError, Option } from "commander";

import type { ServiceFiles } from "../../components/oslo/distribution/files";
import { type AccessOptions, readPrivateKey, readRecipients } from "./access";
import type { Target } from "./pointer";
import { prepare, publish } from "./publish";
import { showPublished } from "./show";
import { readFolder, readStackOutput } from "./source";

interface PublishOptions extends AccessOptions {
  json?: boolean;
  output: string;
  plain: string[];
  group: Record<string, string>;
  signingKey: string;
  recipient: string[];
  switch: boolean;
}

const EXAMPLES = `
Sources:
  a folder            <folder>/<service>/<path on the node>, such as config/nova/etc/nova/nova.conf; every file is
                      secret unless --plain names it
  a stack's output    pulumi stack output --json --show-secrets | … publish - ; files by service:
                      { nova: [{ path, content, mode?, owner?, group?, secret? }] }

Keys (P-256):
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
  openssl pkey -in key.pem -pubout -out key.pub.pem
`;

/** Adds \`publish\`. */
export function addPublish(
  command: (name: string, description: string) => Command,
  target: (options: AccessOptions) => Target,
  print: <T>(options: { json?: boolean }, result: T, show: (result: T) => string) => void,
): void {
  command("publish", "store files as a new version and, once all of it is there, point all nodes at it")
    .argument("<source>", "a folder, or - for a stack's outputs on standard input")
    .addOption(
      new Option("--signing-key <file>", "the publisher's private key (PEM, P-256)")
        .env("FABRIC_PUBLISHER_KEY")
        .makeOptionMandatory(),
    )
    .option("--recipient <[service=]file>", "public key (PEM, P-256) that can read secrets; repeat", append, [])
    .option("--plain <name>", "file name or path on the node that is not secret; repeat", append, [])
    .option("--group <service=group>", "group of a service's files on the node; repeat", appendPair, {})
    .option(
      "--output <name>",
      "the stack's output that holds the files, with dots between its parts",
      "messaging.serviceConfig",
    )
    .option("--no-switch", "store the version, but leave the pointer where it is")
    .addHelpText("after", EXAMPLES)
    .action(async (source: string, options: PublishOptions) => {
      const services = await readSource(source, options);
      const keys = {
        signing: readPrivateKey(options.signingKey, "--signing-key"),
        recipients: readRecipients(options.recipient),
      };
      const prepared = await prepare(services, keys);
      print(options, await publish(target(options), prepared, keys, options.switch), showPublished);
    });
}

async function readSource(source: string, options: PublishOptions): Promise<ServiceFiles> {
  if (source === "-") return readStackOutput(await readAll(process.stdin), options.output);
  return readFolder(source, { plain: options.plain, groups: options.group });
}

function append(value: string, before: string[]): string[] {
  return [...before, value];
}

function appendPair(value: string, before: Record<string, string>): Record<string, string> {
  const [, service, group] = /^([a-z0-9-]+)=([a-z0-9_-]+)$/.exec(value) ?? [];
  if (service === undefined || group === undefined) throw new InvalidArgumentError("It must be <service>=<group>.");
  return { ...before, [service]: group };
}
