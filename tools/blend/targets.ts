import { readFileSync } from "node:fs";

import { UserError } from "../../components/errors";
import { failOn, pulumi, type Workspace } from "../workspace/workspace";
import { parseTarget } from "./target";
import type { PatternName, Target } from "./transports/transport";

/** A transport, and the patterns that it is there for. */
export interface Aim {
  target: Target;
  patterns: readonly PatternName[];
}

const RPC: readonly PatternName[] = ["call", "cast", "fanout"];

/** What the layer's outputs have by service or application. */
type Urls = Record<string, string>;

interface MessagingOutput {
  rpcTransportUrls?: Urls;
  notificationTransportUrls?: Urls;
  applicationUrls?: Urls;
  caPem?: string;
}

/** The target that the command line gives. */
export function givenTarget(url: string, caFile?: string, tls?: boolean): Target {
  return parseTarget(url, undefined, caFile === undefined ? (tls === true ? "" : undefined) : readCa(caFile));
}

function readCa(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`\`--ca\` must be a file with a certificate in PEM; ${file}: ${(error as Error).message}.`);
  }
}

/** All transports of a stack, each with the patterns that the stack has it for. */
export async function stackTargets(workspace: Workspace): Promise<Aim[]> {
  const result = await pulumi(workspace, ["stack", "output", "messaging", "--json", "--show-secrets"]);
  failOn(result, `pulumi stack output of ${workspace.stack}`);
  return aimsOf(workspace.stack, JSON.parse(String(result.stdout)) as MessagingOutput);
}

/** What the URLs of a stack do not say: the services' brokers have quorum queues by default, and AMQP 1.0 is the mesh. */
const OPTIONS: Record<string, string> = { rabbit: "?queue=quorum", amqp: "?peer=router" };

/** One service stands for all: its URL differs from the others' by its user only. */
export function aimsOf(stack: string, output: MessagingOutput): Aim[] {
  const groups: [keyof MessagingOutput & `${string}Urls`, string, readonly PatternName[]][] = [
    ["rpcTransportUrls", "RPC", RPC],
    ["notificationTransportUrls", "notifications", ["notification"]],
    ["applicationUrls", "applications", RPC],
  ];
  const aims = groups.flatMap(([key, what, patterns]) => {
    const [first] = Object.entries(output[key] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    if (first === undefined) return [];
    const [user, url] = first;
    return [
      {
        target: parseTarget(
          `${url}${OPTIONS[url.split(":")[0] ?? ""] ?? ""}`,
          `${stack}: ${what} (${user})`,
          output.caPem ?? "",
        ),
        patterns,
      },
    ];
  });
  if (aims.length > 0) return aims;
  throw new UserError(
    `Stack "${stack}" outputs no transport URLs. It needs \`messaging\` in its configuration, and an update.`,
  );
}
