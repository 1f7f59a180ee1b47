/**
 * How well faces of nobody knows whom are grouped, beside DBSCAN on the same features.
 * Run: npx tsx bench/cluster.ts view1-test.safetensors --model models/whole-face [--out results/cluster.json]
 *
 * Thresholds are printed in a row: choose on View 1's training people, report on its test people.
 */
import { parseArgs } from "node:util";
import { measuredModel } from "../src/lab/results/index.ts";
import { CLUSTER_DEFAULTS, clusterFaces, clusterQuality } from "../src/matching/cluster/index.ts";
import { readFeatures } from "../src/matching/files/index.ts";
import { createScorer } from "../src/matching/match/index.ts";
import { openSystem } from "../src/nets/models/index.ts";
import { codesOf, neuronsOf } from "../src/people/answers/index.ts";
import { dbscan } from "./dbscan.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", default: "models/whole-face-taught" },
    thresholds: { type: "string", default: String(CLUSTER_DEFAULTS.threshold) },
    cosines: { type: "string", default: "0.6,0.65,0.7,0.75,0.8,0.85" },
    out: { type: "string" },
  },
});
const numbers = (text: string) => text.split(",").map(Number);
const { set } = await readFeatures(positionals[0]);
const system = await openSystem(values.model, { threads: 1 });
const { matcher, calibration } = system.matcher;
const { values: coordinates, columns } = matcher.project(set);
const vectors = Array.from({ length: set.rows }, (_, row) =>
  coordinates.subarray(row * columns, (row + 1) * columns),
);
const faces = { codes: codesOf(neuronsOf(system), set), vectors, scorer: createScorer(matcher, calibration) };
const results: object[] = [];
const report = (method: string, threshold: number, groups: number[][], seconds?: number) => {
  const one = {
    method,
    threshold,
    groups: groups.length,
    seconds,
    ...clusterQuality(groups, set.identities),
  };
  console.log(JSON.stringify(one));
  results.push(one);
};
for (const threshold of numbers(values.thresholds)) {
  const begun = process.cpuUsage();
  const groups = await clusterFaces(faces, { threshold });
  const { user, system: kernel } = process.cpuUsage(begun);
  report("set likelihood ratio", threshold, groups, (user + kernel) / 1e6);
}
const cosines = numbers(values.cosines);
for (const [i, groups] of dbscan(set, cosines).entries()) report("DBSCAN, cosine", cosines[i], groups);
await system.release();
await keep(
  values.out,
  {
    kind: "study",
    model: measuredModel(system),
    command: "npx tsx bench/cluster.ts view1-test.safetensors --out results/cluster.json",
    data: `${set.rows} pictures of the ${new Set(set.identities).size} people of LFW's View 1 test list`,
  },
  { pictures: set.rows, people: new Set(set.identities).size, results },
);
