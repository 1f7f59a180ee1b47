/**
 * What the model's thresholds, calibrated on validation people, come to on other pictures: LFW's, everybody's strangers and
 * those of one group. The default model's cohort was chosen on View 1's pictures, which are among them.
 * Run: npx tsx bench/operatingPoints.ts lfw.safetensors --attributes attributes.tsv [--model MODEL] [--out FILE]
 */
import { parseArgs } from "node:util";
import { createRng } from "../src/base/random/index.ts";
import { readAttributes } from "../src/faces/data/index.ts";
import { peopleInGroups } from "../src/lab/experiments/index.ts";
import { measuredModel } from "../src/lab/results/index.ts";
import { readFeatures } from "../src/matching/files/index.ts";
import { calibrated, POINT_RATES, pointAtRate } from "../src/matching/match/index.ts";
import { GROUPS_DEFAULTS, pairsOfGroup } from "../src/matching/protocols/index.ts";
import { DEFAULT_MODEL, modelFolder, openSystem } from "../src/nets/models/index.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", default: DEFAULT_MODEL },
    attributes: { type: "string" },
    out: { type: "string" },
  },
});
const RATES = [0.01, POINT_RATES.balanced, POINT_RATES.strict, 0.0001];
const STRANGERS = 200_000;
const GROUPS = [["Black", "Asian", "Indian", "White"], ["Female"]];

const { set } = await readFeatures(positionals[0]);
const system = await openSystem(modelFolder(values.model), { threads: 1 });
const { matcher, calibration } = system.matcher;
if (!calibration) throw new Error("the model is not calibrated");
const metric = calibrated(matcher, calibration);

const points = RATES.map((rate) => pointAtRate(calibration, rate));
const ratings = values.attributes ? await readAttributes(values.attributes) : undefined;
const groups = new Map<string, ReadonlySet<string>>([
  ["everybody", new Set(set.identities)],
  ...(ratings ? peopleInGroups(ratings, GROUPS) : []),
]);
const shareAbove = (scores: readonly number[], at: number) =>
  scores.filter((score) => score > at).length / scores.length;
const results = [...groups].map(([group, people]) => {
  const how = { ...GROUPS_DEFAULTS, strangers: STRANGERS };
  const drawn = pairsOfGroup(set, { name: group, people }, how, createRng(1).fork(group));
  const scores = metric.score(
    set,
    drawn.pairs.map(({ a, b }) => [a, b] as const),
  );
  const of = (one: boolean) => [...scores].filter((_, i) => drawn.pairs[i].same === one);
  const [same, strangers] = [of(true), of(false)];
  const rates = points.map(({ score }) => ({
    strangersAccepted: shareAbove(strangers, score),
    trueRefused: 1 - shareAbove(same, score),
  }));
  return {
    group,
    people: drawn.people.length,
    pairs: { strangers: strangers.length, same: same.length },
    rates,
  };
});
await system.release();
const body = {
  points: points.map((point, i) => ({ rate: RATES[i], ...point })),
  pictures: set.rows,
  results,
};
console.log(JSON.stringify(body, null, 2));
const command =
  "npx tsx bench/operatingPoints.ts lfw.safetensors --attributes attributes.tsv --out results/operating-points.json";
const data = "features of LFW";
await keep(values.out, { kind: "study", model: measuredModel(system), command, data }, body);
