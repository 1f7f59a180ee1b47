/**
 * Keeps the results of a reproduction in results/: the numbers of its studies and the figures that stand for them.
 * Figures are drawings; no picture of a person is among them.
 * Run:    deepid reproduce --system models/regions ... --out runs/reproduction
 *         npx tsx scripts/keepStudies.ts runs/reproduction && npm run readme
 */
import { readFileSync } from "node:fs";
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../src/files/index.ts";

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("keepStudies: needs the folder of a reproduction");
const { seconds, studies } = JSON.parse(readFileSync(join(folder, "reproduction.json"), "utf8"));
const digits = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
await writeFileAtomic("results/lfw-studies.json", `${JSON.stringify({ seconds, ...studies }, digits, 1)}\n`);

const KEPT =
  /^(?:sparsity|sparsity-sweep|(?:person|attribute)-(?:single|all)-by-\w+|robustness-[\w-]+|activations-\w+)\.svg$/;
for (const file of (await readdir(folder)).filter((name) => KEPT.test(name))) {
  await copyFile(join(folder, file), join("results", `lfw-${file}`));
}
