import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 20_000, sequence: { groupOrder: 0 } } },
      {
        // What the others stand on: the engine's toolchain and the sandbox's supervisor.
        test: {
          name: "foundation",
          sequence: { groupOrder: 1 },
          include: ["test/toolchain/**/*.test.ts", "test/sandbox/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        // Real brokers, routers and servers, without an OpenStack.
        test: {
          name: "messaging",
          sequence: { groupOrder: 1 },
          include: ["test/messaging/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        // What is planned of clusters against a real Magnum, without an engine.
        test: {
          name: "clusters",
          sequence: { groupOrder: 1 },
          include: ["test/clusters/**/*.test.ts"],
          globalSetup: ["test/clusters/support/globalSetup.ts"],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        // Real engine, real OpenStack: one file after the other, on sandboxes of their own.
        test: {
          name: "e2e",
          sequence: { groupOrder: 2 },
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/support/globalSetup.ts"],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
