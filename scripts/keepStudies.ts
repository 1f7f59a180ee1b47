/**
 * Keeps what a reproduction or a single study has measured in results/: the numbers and the figures that stand for
 * them. Figures are drawings; no picture of a person is among them. A single study takes the place of the same one among
 * those that are kept, and says there what it looked at.
 * Run:    deepid reproduce --system models/regions ... --out runs/reproduction
 *         npx tsx scripts/keepStudies.ts runs/reproduction && npm run readme
 * Or:     deepid study selectivity lfw.safetensors ... --out runs/selectivity
 *         npx tsx scripts/keepStudies.ts runs/selectivity && npm run readme
 */
import { existsSync, readFileSync } from "node:fs";
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../src/files/index.ts";

interface Studies {
  readonly source: object & { readonly separately?: object };
  readonly findings: readonly { readonly study: string }[];
  readonly results: Readonly<Record<string, unknown>>;
}

const KEPT = "results/lfw-studies.json";
const [folder] = process.argv.slice(2);
if (!folder) throw new Error("keepStudies: needs the folder of a reproduction or a study");
const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

function measured(): Studies {
  const whole = join(folder, "reproduction.json");
  if (existsSync(whole)) {
    const { seconds, studies } = read(whole);
    return { seconds, ...studies };
  }
  const [kept, own]: Studies[] = [read(KEPT), read(join(folder, "studies.json"))];
  const replaced = new Map(own.findings.map((finding) => [finding.study, finding]));
  const sources = Object.fromEntries([...replaced.keys()].map((study) => [study, own.source]));
  return {
    ...kept,
    source: { ...kept.source, separately: { ...kept.source.separately, ...sources } },
    findings: kept.findings.map((finding) => replaced.get(finding.study) ?? finding),
    results: { ...kept.results, ...own.results },
  };
}

const digits = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
await writeFileAtomic(KEPT, `${JSON.stringify(measured(), digits, 1)}\n`);

const FIGURES =
  /^(?:sparsity|sparsity-sweep|(?:person|attribute)-(?:single|all)-by-\w+|robustness-[\w-]+|activations-\w+)\.svg$/;
for (const file of (await readdir(folder)).filter((name) => FIGURES.test(name))) {
  await copyFile(join(folder, file), join("results", `lfw-${file}`));
}
