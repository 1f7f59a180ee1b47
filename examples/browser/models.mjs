/** Puts the model and the files of the face detector where the page's own server serves them: public/models. */
import { cp, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const { resolve } = createRequire(import.meta.url);
const out = process.argv[2] ?? fileURLToPath(new URL("public/models/", import.meta.url));
const model = join(dirname(resolve("deepid2plus/package.json")), "models/whole-face");
const human = join(dirname(resolve("@vladmandic/human")), "../models");
const wasm = join(dirname(resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist");

await mkdir(join(out, "human"), { recursive: true });
await cp(model, join(out, "whole-face"), { recursive: true });
for (const file of ["blazeface.json", "blazeface.bin", "facemesh.json", "facemesh.bin"]) {
  await cp(join(human, file), join(out, "human", file));
}
for (const file of ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"]) {
  await cp(join(wasm, file), join(out, "human", file));
}
