import { describe, expect, it } from "vitest";

import { lengthOf, renderMarkdown } from "../../tools/report/markdown";
import type { Preview } from "../../tools/report/preview";
import { reportOf } from "../../tools/report/report";
import { recorded } from "../support/previews/recordings";

/** A preview of so many changes, made of those of a recording. */
function grown(name: string, count: number): Preview {
  const preview = recorded(name);
  const steps = preview.steps.filter(({ op }) => op !== "same");
  return {
    ...preview,
    steps: Array.from({ length: count }, (_, at) => {
      const step = steps[at % steps.length]!;
      return { ...step, urn: `${step.urn}-${String(at).padStart(5, "0")}` };
    }),
  };
}

/** Opened and closed tags and fences; both are balanced in a text that was cut at the right places. */
function balanceOf(text: string): { folds: number; fences: number } {
  const count = (pattern: RegExp) => (text.match(pattern) ?? []).length;
  return { folds: count(/<details>/g) - count(/<\/details>/g), fences: count(/^`{3,}/gm) % 2 };
}

describe("the limit of a comment", () => {
  const report = reportOf([grown("network-range", 5_000)], { today: "2026-06-01" });
  const created = reportOf([grown("new-stack", 5_000)], { today: "2026-06-01" });

  it.each([1_000, 1_777, 5_000, 65_536, 1_000_000])("of %i characters is kept, at the ends of items", (limit) => {
    for (const one of [report, created]) {
      const text = renderMarkdown(one, { limit, details: "https://ci.example.org/report.html" });
      expect(lengthOf(text)).toBeLessThanOrEqual(limit);
      expect(balanceOf(text)).toEqual({ folds: 0, fences: 0 });
      expect(text).toContain("https://ci.example.org/report.html");
    }
  });

  it("leaves out no more than it must, and says how much", () => {
    const text = renderMarkdown(report, { limit: 65_536, details: "`report.html`" });
    expect(lengthOf(text)).toBeGreaterThan(60_000);
    expect(text).toMatch(/\*\*\d+ more details are left out here, since the host takes 65536 characters/);
  });

  it("keeps the counts where there is no room for all that is replaced", () => {
    expect(renderMarkdown(report, { limit: 2_000, details: "x" })).toMatch(/\| `rec` \| messaging \| \d+ /);
  });

  it("counts characters as hosts do, not the halves of them", () => {
    expect(lengthOf("🛑é")).toBe(2);
  });
});
