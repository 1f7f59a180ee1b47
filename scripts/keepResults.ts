/**
 * Keeps what a reproduction, its tables alone or a single study have measured in results/: the numbers, to six digits,
 * and the figures that stand for them. Figures are drawings; no picture of a person is among them. A single study takes
 * the place of the same one among those that are kept, and says there what it looked at.
 * Run:    deepid reproduce tables --system models/regions ... --out runs/tables
 *         npx tsx scripts/keepResults.ts runs/tables && npm run docs
 * Or so:  deepid study selectivity lfw.safetensors ... --out runs/selectivity
 *         npx tsx scripts/keepResults.ts runs/selectivity && npm run docs
 */
import { existsSync, readFileSync } from "node:fs";
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../src/base/files/index.ts";

interface Studies {
  readonly source: object & { readonly separately?: object };
  readonly findings: readonly { readonly study: string }[];
  readonly results: Readonly<Record<string, unknown>>;
}

const STUDIES = "results/lfw-studies.json";
const TABLES = "results/lfw-tables.json";
const FIGURES =
  /^(?:figure-3|figure-4|nets|sparsity|sparsity-sweep|(?:person|attribute)-(?:single|all)-by-\w+|robustness-[\w-]+|activations-\w+)\.svg$/;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("keepResults: needs the folder of a reproduction, of its tables or of a study");

const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const readIn = (name: string) => (existsSync(join(folder, name)) ? read(join(folder, name)) : undefined);

/** The kept studies with `own` in the place of those of its names. */
function inPlace(kept: Studies, own: Studies): Studies {
  const replaced = new Map(own.findings.map((finding) => [finding.study, finding]));
  const sources = Object.fromEntries([...replaced.keys()].map((study) => [study, own.source]));
  return {
    ...kept,
    source: { ...kept.source, separately: { ...kept.source.separately, ...sources } },
    findings: [
      ...kept.findings.map((finding) => replaced.get(finding.study) ?? finding),
      ...own.findings.filter(({ study }) => !kept.findings.some((finding) => finding.study === study)),
    ],
    results: { ...kept.results, ...own.results },
  };
}

const digits = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
const keep = (path: string, value: object) => writeFileAtomic(path, `${JSON.stringify(value, digits, 1)}\n`);

const [whole, tables, study] = ["reproduction.json", "tables.json", "studies.json"].map(readIn);
if (whole) {
  const { result, seconds } = whole;
  await keep(TABLES, { result: { ...result, kind: "tables" }, seconds, ...whole.tables });
  await keep(STUDIES, { result: { ...result, kind: "studies" }, seconds, ...whole.studies });
} else if (tables) {
  await keep(TABLES, tables);
} else if (study) {
  await keep(STUDIES, inPlace(read(STUDIES), study));
} else {
  throw new Error(`keepResults: ${folder} holds none of reproduction.json, tables.json and studies.json`);
}
for (const file of (await readdir(folder)).filter((name) => FIGURES.test(name))) {
  const kept = file === "figure-3.svg" ? "regions.svg" : file; // results/lfw-figure-3.svg has DeepID2's nets beside ours
  await copyFile(join(folder, file), join("results", `lfw-${kept}`));
}
