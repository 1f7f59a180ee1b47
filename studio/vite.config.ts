import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Built into dist/studio, from where the service serves it. */
export default defineConfig({
  root: at("."),
  base: "/",
  publicDir: false,
  plugins: [svelte({ configFile: false })],
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "production"] },
  build: {
    outDir: at("../dist/studio"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      checks: { pluginTimings: false },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8010" } },
});
