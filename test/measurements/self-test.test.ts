import { expect, it } from "vitest";

import { selfTest } from "../../tools/blend/selfTest";

it("the load tool finds the latency, the losses and the stalls of known servers within one percent", async () => {
  for (const { what, known, found, ok } of await selfTest()) {
    expect(ok, `${what}: known ${known}, found ${found}`).toBe(true);
  }
});
