import { defineConfig } from "vitest/config";

/** Files of real programs that run side by side: they wait more than they compute, on two cores already. */
const WORKERS = 3;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          sequence: { groupOrder: 0 },
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 20_000,
          // By itself vitest leaves one core free, which of two is half.
          maxWorkers: "100%",
        },
      },
      {
        // What the others stand on: the engine's toolchain and the sandbox's supervisor.
        test: {
          name: "foundation",
          sequence: { groupOrder: 1 },
          include: ["test/toolchain/**/*.test.ts", "test/sandbox/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          maxWorkers: WORKERS,
        },
      },
      {
        // The report's page in a real browser.
        test: {
          name: "report",
          sequence: { groupOrder: 1 },
          include: ["test/report/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 600_000,
          maxWorkers: WORKERS,
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
          maxWorkers: WORKERS,
        },
      },
      {
        // What is planned of clusters against a real Magnum, without an engine.
        test: {
          name: "clusters",
          sequence: { groupOrder: 1 },
          include: ["test/clusters/**/*.test.ts"],
          setupFiles: ["test/support/sandbox/endCloud.ts"],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          maxWorkers: WORKERS,
        },
      },
      {
        // The analysis layer by the software that it is for: real Spark, JupyterHub, Kubernetes, Keystone, without an engine.
        test: {
          name: "analysis",
          sequence: { groupOrder: 1 },
          include: ["test/analysis/**/*.test.ts"],
          setupFiles: ["test/support/sandbox/endCloud.ts"],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          maxWorkers: WORKERS,
        },
      },
      {
        // Real engine and the policy pack, without a cloud.
        test: {
          name: "policies",
          sequence: { groupOrder: 1 },
          include: ["test/policies/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          maxWorkers: WORKERS,
        },
      },
      {
        // What is timed to the percent: alone, after everything else.
        test: {
          name: "measurements",
          sequence: { groupOrder: 2 },
          include: ["test/measurements/**/*.test.ts"],
          testTimeout: 150_000,
          maxWorkers: 1,
        },
      },
      {
        // Real engine, real OpenStack: each file on a sandbox of its own.
        test: {
          name: "e2e",
          sequence: { groupOrder: 1 },
          include: ["test/e2e/**/*.test.ts"],
          setupFiles: ["test/support/sandbox/endCloud.ts"],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          maxWorkers: WORKERS,
        },
      },
    ],
  },
});
