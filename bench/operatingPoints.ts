/**
 * What the model's thresholds, calibrated on validation people, come to on other pictures: LFW's, whose people no choice was
 * made on, everybody's strangers and those of one group.
 * Run: npx tsx bench/operatingPoints.ts lfw.safetensors --attributes attributes.tsv [--model MODEL] [--out FILE]
 */
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { createRng, type Rng } from "../src/base/random/index.ts";
import { readAttributes } from "../src/faces/data/index.ts";
import { peopleInGroups } from "../src/lab/experiments/index.ts";
import { measuredModel, resultText } from "../src/lab/results/index.ts";
import { rowsByPerson } from "../src/matching/features/index.ts";
import { readFeatures } from "../src/matching/files/index.ts";
import { calibrated, pointAtRate } from "../src/matching/match/index.ts";
import { modelFolder, openSystem } from "../src/nets/models/index.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", default: "whole-face-taught" },
    attributes: { type: "string" },
    out: { type: "string" },
  },
});
const RATES = [0.01, 0.001, 0.0001];
const STRANGERS = 200_000;
/** Pairs of one person, at most; so nobody of many pictures decides for all. */
const TRUE_PAIRS = 5;
const GROUPS = [["Black", "Asian", "Indian", "White"], ["Female"]];

const { set } = await readFeatures(positionals[0]);
const system = await openSystem(modelFolder(values.model), { threads: 1 });
const { matcher, calibration } = system.matcher;
if (!calibration) throw new Error("the model is not calibrated");
const metric = calibrated(matcher, calibration);

function strangersOf(people: readonly (readonly number[])[], rng: Rng): [number, number][] {
  const pick = (rows: readonly number[]) => rows[rng.integer(rows.length)];
  return Array.from({ length: STRANGERS }, () => {
    const first = rng.integer(people.length);
    const second = (first + 1 + rng.integer(people.length - 1)) % people.length;
    return [pick(people[first]), pick(people[second])];
  });
}

function pairsWithin(people: readonly (readonly number[])[], rng: Rng): [number, number][] {
  return people.flatMap((rows) => {
    const all = rows.flatMap((a, i) => rows.slice(0, i).map((b): [number, number] => [b, a]));
    return Array.from({ length: Math.min(TRUE_PAIRS, all.length) }, () => {
      const [pair] = all.splice(rng.integer(all.length), 1);
      return pair;
    });
  });
}

const points = RATES.map((rate) => pointAtRate(calibration, rate));
const byPerson = rowsByPerson(set.identities);
const ratings = values.attributes ? await readAttributes(values.attributes) : undefined;
const groups = new Map<string, Iterable<string>>([
  ["everybody", byPerson.keys()],
  ...(ratings ? peopleInGroups(ratings, GROUPS) : []),
]);
const results = [...groups].map(([group, names]) => {
  const people = [...names].sort().flatMap((name) => (byPerson.has(name) ? [byPerson.get(name)!] : []));
  const rng = createRng(1).fork(group);
  const strangers = metric.score(set, strangersOf(people, rng));
  const same = metric.score(set, pairsWithin(people, rng));
  const above = (scores: ArrayLike<number>, at: number) =>
    Array.from(scores).filter((score) => score > at).length / scores.length;
  const rates = points.map(({ score }) => ({
    strangersAccepted: above(strangers, score),
    trueRefused: 1 - above(same, score),
  }));
  return { group, people: people.length, pairs: { strangers: STRANGERS, same: same.length }, rates };
});
await system.release();
const body = {
  points: points.map((point, i) => ({ rate: RATES[i], ...point })),
  pictures: set.rows,
  results,
};
console.log(JSON.stringify(body, null, 2));
if (values.out) {
  const head = {
    kind: "study" as const,
    model: measuredModel(system),
    command: `npx tsx bench/operatingPoints.ts lfw.safetensors --attributes attributes.tsv --out ${values.out}`,
    data: "features of LFW",
    date: new Date().toISOString().slice(0, 10),
  };
  await writeFileAtomic(values.out, resultText(head, body));
}
