import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  build: { target: "es2022" }, // top-level await
  optimizeDeps: { exclude: ["onnxruntime-web"] }, // it finds its WebAssembly beside itself
});
