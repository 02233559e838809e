import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { Agent, fetch } from "undici";

import type { TestStore } from "./servers";

/** A way to the store that the test holds in its hand. */
export interface Proxy {
  endpoint: string;
  /** Called with each request's number from 1 on, before it is passed on, and again before its answer is. */
  onRequest: (number: number, phase: "before" | "after") => Promise<void> | void;
  /** Requests so far. */
  count: number;
  close(): Promise<void>;
}

export async function startProxy(store: TestStore): Promise<Proxy> {
  const { ca, client } = store.certificates;
  const [caPem, cert, key] = [ca, client.cert, client.key].map((path) => readFileSync(path, "utf8"));
  const dispatcher = new Agent({ connect: { ca: caPem, cert, key } });
  const server = createServer((request, response) => {
    void (async () => {
      const number = ++proxy.count;
      const body = await buffer(request);
      await proxy.onRequest(number, "before");
      const passed = ["authorization", "x-consul-token", "content-type"].flatMap((name) => {
        const value = request.headers[name];
        return typeof value === "string" ? [[name, value] as [string, string]] : [];
      });
      const answer = await fetch(`${store.endpoint}${request.url}`, {
        method: request.method,
        headers: passed,
        body: body.length > 0 ? body : undefined,
        dispatcher,
      });
      const text = await answer.text();
      await proxy.onRequest(number, "after");
      response.writeHead(answer.status).end(text);
    })();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const proxy: Proxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onRequest: () => {},
    count: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return proxy;
}
