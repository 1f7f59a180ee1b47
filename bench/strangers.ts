/**
 * How often a stranger passes the threshold of pairs when a person is known by several faces, which are scored together.
 * Run: npx tsx bench/strangers.ts lfw.safetensors --model models/whole-face [--out results/strangers.json]
 *
 * Each person with enough faces is enrolled with the first m of them; strangers are one face of everybody else.
 */

import { parseArgs } from "node:util";
import { measuredModel } from "../src/lab/results/index.ts";
import { rowOf, rowsByPerson } from "../src/matching/features/index.ts";
import { readFeatures } from "../src/matching/files/index.ts";
import { pointAtRate } from "../src/matching/match/index.ts";
import { openSystem } from "../src/nets/models/index.ts";
import { createProjection } from "../src/people/gallery/index.ts";
import { galleryModelOf } from "../src/people/recognizer/index.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: "string", default: "models/whole-face-taught" }, out: { type: "string" } },
});
const RATES = [0.01, 0.001];
const ENROLLED = [1, 2, 4, 8, 16];
/** Fewer people say little, more only take time. */
const PEOPLE = 100;

const { set } = await readFeatures(positionals[0]);
const system = await openSystem(values.model, { threads: 1 });
const { scorer, project } = createProjection(galleryModelOf(system));
const { calibration } = system.matcher;
if (!(scorer && calibration)) throw new Error("the model is not calibrated");
const thresholds = RATES.map((rate) => pointAtRate(calibration, rate).score);
const vectors = project(Array.from({ length: set.rows }, (_, row) => rowOf(set, row))).map(
  ({ vector }) => vector!,
);
const rowsOf = rowsByPerson(set.identities);
const results = ENROLLED.map((faces) => {
  const people = [...rowsOf].filter(([, rows]) => rows.length >= ENROLLED.at(-1)!).slice(0, PEOPLE);
  const passed = RATES.map(() => 0);
  let strangers = 0;
  for (const [person, rows] of people) {
    const known = rows.slice(0, faces).map((row) => vectors[row]);
    for (const [other, [stranger]] of rowsOf) {
      if (other === person) continue;
      strangers++;
      const { score } = scorer.sets([vectors[stranger]], known);
      for (const [i, threshold] of thresholds.entries()) if (score > threshold) passed[i]++;
    }
  }
  const accepted = Object.fromEntries(RATES.map((rate, i) => [rate, passed[i] / strangers]));
  return { faces, people: people.length, comparisons: strangers, accepted };
});
await system.release();
const result = { model: system.name, pictures: set.rows, results };
console.log(JSON.stringify(result, null, 2));
await keep(
  values.out,
  {
    kind: "study",
    model: measuredModel(system),
    command: "npx tsx bench/strangers.ts lfw.safetensors --out results/strangers.json",
    data: "features of LFW",
  },
  result,
);
