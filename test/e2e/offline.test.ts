import { describe, expect, it } from "vitest";

import { previewOffline, shippedStacks } from "../../tools/preview/main";

describe("the shipped stacks", () => {
  it.each(shippedStacks())("preview without a cloud, and say that nothing was checked: %s", async (stack) => {
    const { ok, output } = await previewOffline(stack);
    expect(ok, output).toBe(true);
    expect(output).toMatch(/\+ \d+ to create/);
    expect(output).toMatch(/(No cloud is configured|Docker does not answer at \S+): this preview checks no names/);
  });
});
