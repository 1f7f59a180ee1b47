/**
 * What the default model's thresholds, calibrated on validation people, come to on pairs that are harder: LFW's View 1, whose
 * second picture is covered by glasses or a mask, dark, or small; and those of its pairs as they are whose faces are turned
 * most differently. The first picture stays as it is, as a gallery's would. One seed.
 * Run: npx tsx bench/harderPairs.ts --images lfw.tgz --landmarks landmarks_5pt.txt --pairs pairsDevTrain.txt,pairsDevTest.txt --occluders occluders/ [--out FILE]
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  facesOfRows,
  openAligned,
  openSource,
  readLandmarks,
  readOccluders,
  readPairs,
  rowsOfPairs,
} from "../src/faces/data/index.ts";
import { exposed, TEMPLATE } from "../src/faces/face/index.ts";
import { createImage, resizeRegion } from "../src/faces/image/index.ts";
import { measuredModel } from "../src/lab/results/index.ts";
import {
  type Corruption,
  corruptedFaces,
  PLAIN_CORRUPTIONS,
  realisticOcclusion,
} from "../src/lab/studies/index.ts";
import { createFeatureSet, type FeatureSet } from "../src/matching/features/index.ts";
import { calibrated, operatingPoints, pointAtRate } from "../src/matching/match/index.ts";
import { DEFAULT_MODEL, modelFolder, openSystem } from "../src/nets/models/index.ts";
import { systemFeatures } from "../src/nets/net/index.ts";
import { keep } from "./keep.ts";

const { values } = parseArgs({
  options: {
    images: { type: "string" },
    landmarks: { type: "string" },
    pairs: { type: "string" },
    occluders: { type: "string" },
    model: { type: "string", default: DEFAULT_MODEL },
    cache: { type: "string", default: join(homedir(), ".cache/deepid2plus") },
    out: { type: "string" },
  },
});
const { images, landmarks, pairs: lists, occluders } = values;
if (!images || !landmarks || !lists || !occluders) {
  throw new Error("needed: --images, --landmarks, --pairs and --occluders");
}
const SEED = 1;
/** Pixels between the eyes of a small face: as in a group photo. */
const SMALL = 12;
/** The share of pairs, of either kind, that counts as turned. */
const TURNED = 0.2;

const { faces } = await openAligned(await openSource({ data: "lfw", images, landmarks }), {
  cacheFolder: values.cache,
  onPassedOver: ({ reason }) => console.error(reason),
});
const lines = (await Promise.all(lists.split(",").map((list) => readPairs(list)))).map((list) =>
  rowsOfPairs(list, faces.names).flat(),
);
const pairs = lines.flat();
const system = await openSystem(modelFolder(values.model), { threads: 2 });
const { matcher, calibration } = system.matcher;
if (!calibration) throw new Error("the model is not calibrated");
const points = [
  ...Object.entries(operatingPoints(calibration)).map(([name, point]) => ({ name, ...point })),
  { name: "1 in 10,000", ...pointAtRate(calibration, 0.0001) },
];

const eyes = TEMPLATE.landmarks[1].x - TEMPLATE.landmarks[0].x;
const small: Corruption = {
  name: "small",
  label: "Pixels between the eyes",
  levels: [SMALL],
  apply(face, level) {
    const [width, height] = [face.width, face.height].map((side) => Math.round((side * level) / eyes));
    const whole = { x: 0, y: 0, width: face.width, height: face.height };
    const less = resizeRegion(face, whole, { width, height });
    const back = resizeRegion(createImage(width, height, less.pixels), { x: 0, y: 0, width, height }, face);
    face.pixels.set(back.pixels);
  },
};
const plain = (name: string) => PLAIN_CORRUPTIONS.find((one) => one.name === name)!;
/** A fifth of the light, and the noise that a camera then has. */
const dark: Corruption = {
  name: "dark",
  label: "Light taken away (%)",
  levels: [80],
  async apply(face, level, rng) {
    await plain("darkness").apply(face, level, rng);
    await plain("noise").apply(face, 5, rng);
  },
};
/** The same as `verify` sees it. */
const brought: Corruption = {
  ...dark,
  async apply(face, level, rng) {
    await dark.apply(face, level, rng);
    face.pixels.set(exposed(face).pixels);
  },
};
const things = realisticOcclusion(await readOccluders(occluders));
const covered = (kind: string) => ({ corruption: things, level: things.kinds.indexOf(kind) + 1 });
interface Harder {
  readonly corruption: Corruption;
  readonly level: number;
}
const CONDITIONS: Readonly<Record<string, Harder | undefined>> = {
  "as they are": undefined,
  "glasses, caps to the eyes": covered("eye"),
  "masks, hands over the mouth": covered("lower_face"),
  "a fifth of the light, noise": { corruption: brought, level: 80 },
  "the same, without brightening": { corruption: dark, level: 80 },
  "12 pixels between the eyes": { corruption: small, level: SMALL },
};

const [firsts, seconds] = [pairs.map(({ a }) => a), pairs.map(({ b }) => b)].map(picturesOf);
const first = await featuresOf(firsts.rows);
const results = [];
for (const [condition, how] of Object.entries(CONDITIONS)) {
  const second = await featuresOf(seconds.rows, how);
  const scores = scoresOf(first, second);
  results.push({ condition, ...rates(scores, () => true) });
  if (!how) results.push({ condition: "poses differ most", ...rates(scores, await turned()) });
}
await system.release();

/** The different pictures among `rows`, and which of them each is. */
function picturesOf(rows: readonly number[]) {
  const different = [...new Set(rows)];
  const place = new Map(different.map((row, i) => [row, i]));
  return { rows: different, place: rows.map((row) => place.get(row)!) };
}

async function featuresOf(rows: readonly number[], how?: Harder): Promise<FeatureSet> {
  const own = facesOfRows(faces, rows);
  return systemFeatures(
    system,
    how ? corruptedFaces(own, how.corruption, { level: how.level, seed: SEED }) : own,
  );
}

/** The calibrated score of each pair. */
function scoresOf(a: FeatureSet, b: FeatureSet): Float64Array {
  const values = new Float32Array(a.values.length + b.values.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  const names = [...a.names, ...b.names.map((name) => `${name}, the second`)];
  const both = createFeatureSet(values, a.dimension, {
    names,
    identities: [...a.identities, ...b.identities],
  });
  const rows = pairs.map((_, i) => [firsts.place[i], a.rows + seconds.place[i]] as const);
  return calibrated(matcher, calibration!).score(both, rows);
}

/** Whether pair i is among those whose faces are turned most differently to the side, by where the nose lies between the eyes. */
async function turned(): Promise<(i: number) => boolean> {
  const known = await readLandmarks(landmarks!);
  const turn = (row: number) => {
    const found = known.get(`${faces.names[row]}.jpg`) ?? known.get(faces.names[row]);
    if (!found) throw new Error(`${landmarks}: has no landmarks of ${faces.names[row]}`);
    const [left, right, nose] = found;
    return (nose.x - (left.x + right.x) / 2) / Math.hypot(right.x - left.x, right.y - left.y);
  };
  const apart = pairs.map(({ a, b }) => Math.abs(turn(a) - turn(b)));
  const limit = (same: boolean) => {
    const sorted = apart.filter((_, i) => pairs[i].same === same).sort((x, y) => y - x);
    return sorted[Math.floor(TURNED * sorted.length)];
  };
  const limits = { true: limit(true), false: limit(false) };
  return (i) => apart[i] > limits[`${pairs[i].same}`];
}

function rates(scores: Float64Array, counts: (i: number) => boolean) {
  const of = (same: boolean) => [...scores].filter((_, i) => pairs[i].same === same && counts(i));
  const [same, strangers] = [of(true), of(false)];
  const above = (some: readonly number[], at: number) => some.filter((score) => score > at).length;
  return {
    pairs: { same: same.length, strangers: strangers.length },
    at: points.map(({ name, score }) => ({
      name,
      strangersAccepted: above(strangers, score),
      trueRefused: same.length - above(same, score),
    })),
  };
}

const body = { points, results };
console.log(JSON.stringify(body, null, 2));
const command =
  "npx tsx bench/harderPairs.ts --images lfw.tgz --landmarks landmarks_5pt.txt --pairs pairsDevTrain.txt,pairsDevTest.txt --occluders occluders/ --out results/harder-pairs.json";
const data = "LFW, all pairs of View 1; occluders of OCFR-2022";
await keep(values.out, { kind: "study", model: measuredModel(system), command, data }, body);
