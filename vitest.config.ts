import { defineConfig } from "vitest/config";

/** Rooms whose tests change nothing of their process: they share it, and the modules that it has loaded. */
const SHARING = [
  "src/base/**/*.test.ts",
  "src/cli/**/*.test.ts",
  "src/faces/**/*.test.ts",
  "src/lab/**/*.test.ts",
  "src/matching/**/*.test.ts",
  "src/math/{graph,linalg}/**/*.test.ts",
  "src/nets/{models,net}/**/*.test.ts",
  "src/people/**/*.test.ts",
  "src/serve/**/*.test.ts",
  "test/{badFolder,badInput,configs,documents,evaluate,evaluateGroups,everyStep,gallery,modelImport,names,passedOver,photos,protocols,regions,study,studyRobustness,train,work}.test.ts",
];
const ALL = ["src/**/*.test.ts", "test/**/*.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "sharing a process", include: SHARING, isolate: false } },
      { extends: true, test: { name: "each its own", include: ALL, exclude: SHARING } },
    ],
  },
});
