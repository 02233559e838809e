import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { httpFor } from "../../components/cloud/http";

describe("a request to a cloud", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** A cloud that gives these answers in turn, and the last one for ever. */
  async function cloudThatAnswers(...statuses: number[]): Promise<{ url: string; asked: () => number }> {
    let asked = 0;
    server = createServer((_, response) => {
      response.statusCode = statuses[Math.min(asked++, statuses.length - 1)] ?? 500;
      response.end("said");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked: () => asked };
  }
  const send = httpFor({ origin: "a test", verify: true } as Parameters<typeof httpFor>[0]);

  it("is made again when a busy cloud answers 503, if it only reads", async () => {
    const { url, asked } = await cloudThatAnswers(503, 200);
    expect((await send(url)).status).toBe(200);
    expect(asked()).toBe(2);
  });

  it("gives the failure with its text when the cloud goes on failing", async () => {
    const { url, asked } = await cloudThatAnswers(500);
    const answer = await send(url);
    expect([answer.status, await answer.text(), asked()]).toEqual([500, "said", 4]);
  });

  it("is never made twice when it changes something", async () => {
    const { url, asked } = await cloudThatAnswers(503, 200);
    expect((await send(url, { method: "POST", body: "{}" })).status).toBe(503);
    expect(asked()).toBe(1);
  });

  it("ends at once when nothing listens", async () => {
    const started = Date.now();
    await expect(send("http://127.0.0.1:1/")).rejects.toThrow(/cannot be reached.*given by a test/);
    expect(Date.now() - started).toBeLessThan(250);
  });
});
