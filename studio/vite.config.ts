import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const LIBRARY = at("../src/");
const STUB = at("src/browser/notHere.ts");

/**
 * The page runs the library's arithmetic, and nothing of what reads files, decodes pictures or runs nets in Node: the
 * modules that do are replaced by one whose every export throws or is undefined.
 */
const arithmeticOnly: Plugin = {
  name: "arithmetic-only",
  enforce: "pre",
  resolveId(source, importer = "") {
    if (!importer.startsWith(LIBRARY)) return undefined;
    const ours = source.startsWith(".");
    if (!ours) return source === "ml-matrix" ? undefined : STUB;
    const path = new URL(source, `file://${importer}`).pathname.slice(LIBRARY.length);
    return /^(?:base\/files|math\/engine|math\/graph)\/|File\.ts$/.test(path) ? STUB : undefined;
  },
};

/** Built into dist/studio, from where the service serves it. */
export default defineConfig({
  root: at("."),
  base: "/",
  publicDir: false,
  plugins: [arithmeticOnly, svelte({ configFile: false })],
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "production"] },
  build: {
    outDir: at("../dist/studio"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      shimMissingExports: true,
      checks: { pluginTimings: false },
      onLog(level, log, pass) {
        if (log.code !== "SHIMMED_EXPORT") pass(level, log); // that is what the stub is for
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8010" } },
});
