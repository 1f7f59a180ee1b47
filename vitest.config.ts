import { defineConfig } from "vitest/config";
import { compiledThreads, drawnOnce } from "./test/support/replaced.ts";

/** Rooms whose tests change nothing of their process: they share it, and the modules that it has loaded. */
const SHARING = [
  "src/base/**/*.test.ts",
  "src/cli/**/*.test.ts",
  "src/faces/**/*.test.ts",
  "src/lab/**/*.test.ts",
  "src/matching/**/*.test.ts",
  "src/math/**/*.test.ts",
  "src/nets/**/*.test.ts",
  "src/people/**/*.test.ts",
  "src/serve/**/*.test.ts",
  "test/!(docsCommands|hostilePhotos|pack|privacy).test.ts",
];
const ALL = ["src/**/*.test.ts", "test/**/*.test.ts"];

export default defineConfig({
  plugins: [compiledThreads, drawnOnce],
  test: {
    globalSetup: "test/support/compile.ts",
    setupFiles: "test/support/equality.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    expect: { poll: { timeout: 30_000 } }, // a page under load takes longer than the second that is the default
    projects: [
      { extends: true, test: { name: "sharing a process", include: SHARING, isolate: false } },
      { extends: true, test: { name: "each its own", include: ALL, exclude: SHARING } },
    ],
  },
});
