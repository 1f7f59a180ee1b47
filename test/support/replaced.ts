/** Modules that tests replace by others that do the same sooner. */
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const DRAWN_ONCE = at("drawnOnce.ts");
const COMPILED_THREADS = at("compiledThreads.ts");
const SYNTHETIC = at("../../src/faces/synthetic/index.ts");

/** Pictures of small populations are drawn once; who imports the renderer's own modules gets them as they are. */
export const drawnOnce: Plugin = {
  name: "drawn-once",
  enforce: "pre",
  resolveId: (source, importer) =>
    source === "./population.ts" && importer === SYNTHETIC ? DRAWN_ONCE : null,
};

/** Threads and processes run compiled files. */
export const compiledThreads: Plugin = {
  name: "compiled-threads",
  enforce: "pre",
  resolveId: (source, importer) =>
    /\/base\/threads\/index\.ts$/.test(source) && importer !== COMPILED_THREADS ? COMPILED_THREADS : null,
};
