/** Puts the model and the face detector where the page's own server serves them: public/models. */
import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const { resolve } = createRequire(import.meta.url);
const out = process.argv[2] ?? fileURLToPath(new URL("public/models/", import.meta.url));
const models = join(dirname(resolve("deepid2plus/package.json")), "models");
for (const name of ["whole-face-taught", "detector"]) {
  await cp(join(models, name), join(out, name), { recursive: true });
}
