import { setTimeout as sleep } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import type { CloudClient } from "../components/cloud/client";
import type { NewServer, Rollout } from "../components/compute/Rollout";
import { UserError } from "../components/errors";
import { lastHealth } from "./cloud/health";

const consoleShape = z.object({ output: z.string() });

/** How often a console is read, in milliseconds; a server says what it has to say within ten seconds. */
const POLL_MS = 3_000;

/** Lines of a console that are read: boot messages may follow a health line. */
const LINES = 200;

export interface ConsoleRolloutArgs {
  client: CloudClient;
  /** Host names of servers that were there before the update: only those that are replaced have something to rejoin. */
  before: ReadonlySet<string>;
  /** Seconds. */
  timeout: number;
}

/** Waits until a replaced server says on its console that it has rejoined; Nova's API alone is needed for it. */
export function consoleRollout({ client, before, timeout }: ConsoleRolloutArgs): Rollout {
  return {
    async rejoined(server) {
      if (!before.has(server.hostName)) return;
      void pulumi.log.info(
        `${server.hostName} was replaced; waiting until it says that it has rejoined`,
        undefined,
        undefined,
        true,
      );
      const started = Date.now();
      for (;;) {
        const health = lastHealth(await consoleOf(client, server), server.hostName);
        if (health?.ready === true) return;
        if (Date.now() - started > timeout * 1000) throw notReady(server, health?.text, timeout);
        await sleep(POLL_MS);
      }
    },
  };
}

async function consoleOf(client: CloudClient, { serverId }: NewServer): Promise<string> {
  const body = { "os-getConsoleOutput": { length: LINES } };
  return (await client.ask("compute", `/servers/${serverId}/action`, body, consoleShape)).output;
}

function notReady(server: NewServer, said: string | undefined, timeout: number): UserError {
  return new UserError(
    `${server.hostName} was replaced and has not rejoined within ${timeout} s; it ${said === undefined ? "said nothing of its health" : `last said "${said}"`}. ` +
      "No other server was touched. Look at its console (`openstack console log show`), then run the update again; " +
      "`messaging.rollout.timeout` sets the time, `messaging.rollout.gate: none` does not wait.",
  );
}
