/** The demo from the first face to the result: draws people, trains, makes a model, and measures it on people unseen. */

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { InputError, Interruption } from "../../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { type StagedProgress, stageOf } from "../../../base/progress/index.ts";
import { type AlignedFaces, syntheticFaces } from "../../../faces/data/index.ts";
import type { AttributeTable } from "../../../matching/features/index.ts";
import {
  calibratedScore,
  cosine,
  hamming,
  jointBayesian,
  probabilityAtEvenOdds,
} from "../../../matching/match/index.ts";
import { type NamedVerification, verifyBy } from "../../../matching/protocols/index.ts";
import { openModel } from "../../../nets/models/index.ts";
import { extractFeatures, type FaceModel, type ModelCard } from "../../../nets/net/index.ts";
import { RELEASE_DEFAULTS, readMetrics, releaseRun, type TrainingMetric } from "../../../nets/train/index.ts";
import { trainRun } from "../trainRun.ts";
import { type DemoOptions, type DemoPlan, planDemo } from "./plan.ts";
import { createTestSet, slicePeople, type TestSet, writeTestSet } from "./testSet.ts";

/** One test pair with its Joint Bayesian score. */
export interface JudgedPair {
  readonly a: number; // row of the test faces
  readonly b: number;
  readonly same: boolean;
  readonly score: number; // log likelihood ratio
  readonly threshold: number; // of its fold
  readonly probability: number; // of one person
}

export interface DemoResult {
  readonly options: DemoOptions;
  readonly plan: DemoPlan;
  readonly card: ModelCard;
  readonly metrics: readonly TrainingMetric[];
  readonly test: TestSet;
  /** By Joint Bayesian, cosine and Hamming distance. */
  readonly scores: readonly NamedVerification[];
  readonly judged: readonly JudgedPair[];
  /** Seconds of each stage. */
  readonly seconds: Readonly<Record<"drawing" | "training" | "release" | "test", number>>;
}

/** The demo's people, drawn: those for the run, and those it never sees. */
export interface DrawnDemo {
  readonly plan: DemoPlan;
  readonly learning: AlignedFaces;
  readonly test: TestSet;
  readonly attributes: AttributeTable;
}

export async function drawDemo(options: DemoOptions, progress: StagedProgress = {}): Promise<DrawnDemo> {
  const plan = planDemo(options);
  const { pictures } = options;
  progress.note?.(`drawing ${options.people} people, ${pictures} pictures each`);
  const { faces, attributes } = await syntheticFaces(options, stageOf(progress, "drawing"));
  const learning = await slicePeople(faces, { first: 0, people: plan.learning, pictures });
  const unseen = await slicePeople(faces, { first: plan.learning, people: plan.test, pictures });
  const test = createTestSet(unseen, { count: plan.pairs, seed: options.seed });
  return { plan, learning, test, attributes };
}

export interface RunDemoOptions extends DemoOptions {
  /** FC-n that the model keeps; the last one is compared. */
  readonly taps?: readonly number[];
  /** The people, where they are drawn already. */
  readonly drawn?: DrawnDemo;
  /** The clock, in milliseconds from any start. */
  readonly now?: () => number;
}

/** Runs the demo in `folder`, where an earlier demo is replaced and anything else left alone. */
export async function runDemo(
  folder: string,
  options: RunDemoOptions,
  progress: StagedProgress = {},
): Promise<DemoResult> {
  const { taps = RELEASE_DEFAULTS.taps, drawn, now = () => performance.now(), ...sizes } = options;
  if (!drawn) planDemo(sizes); // refused before anything is written
  const places = await clear(folder, sizes);
  const clock = stopwatch(now);
  const { plan, learning, test } = drawn ?? (await drawDemo(sizes, progress));
  const drawing = clock();

  const engine = { provider: "cpu", threads: availableParallelism() } as const;
  const run = { ...engine, folder: places.run, resume: false, now };
  const { finished } = await trainRun(plan.training, learning, run, progress);
  if (!finished) throw new Interruption("stopped; the demo starts over next time");
  const training = clock();

  progress.note?.(`making a model with ${plan.training.split.matching} people whom the net has not seen`);
  const card = await releaseRun({
    ...engine,
    runFolder: places.run,
    faces: learning,
    out: places.model,
    name: "demo",
    source: `synthetic: ${plan.learning} people, ${options.pictures} pictures each, seed ${options.seed}`,
    licence: "no rights reserved: these people do not exist",
    components: plan.components,
    taps,
    signal: progress.signal,
  });
  const release = clock();

  progress.note?.(`testing on ${plan.test} other people`);
  await writeTestSet(folder, test);
  const model = await openModel(places.model, engine);
  try {
    const results = await measure(model, test, progress);
    const metrics = await readMetrics(places.run);
    const seconds = { drawing, training, release, test: clock() };
    return { options: sizes, plan, card, metrics, test, ...results, seconds };
  } finally {
    await model.release();
  }
}

/** Makes `folder` ready for a demo; only what an earlier demo has made is removed. */
async function clear(folder: string, options: DemoOptions) {
  checkWritable(folder, "folder");
  const places = { run: join(folder, "run"), model: join(folder, "model"), faces: join(folder, "faces") };
  const mark = join(folder, "demo.json");
  const taken = Object.values(places).find((place) => existsSync(place));
  if (taken && !existsSync(mark)) {
    throw new InputError(`${taken}: exists, and no demo has made it; choose another folder with --out`);
  }
  await writingTo(folder, async () => {
    await writeFileAtomic(mark, `${JSON.stringify({ options }, null, 2)}\n`);
    for (const place of Object.values(places)) await rm(place, { recursive: true, force: true });
  });
  return places;
}

/** Seconds since it was asked the last time. */
function stopwatch(now: () => number): () => number {
  let last = now();
  return () => {
    const seconds = (now() - last) / 1000;
    last = now();
    return seconds;
  };
}

async function measure(
  { net, card, matcher }: FaceModel,
  { faces, rows }: TestSet,
  { signal }: StagedProgress,
) {
  const what = { net, region: card.region, name: card.feature };
  const set = await extractFeatures(what, faces, { signal });
  const metric = jointBayesian(matcher.matcher);
  const best = verifyBy("joint-bayesian", metric, set, rows);
  const judged = rows.flatMap((fold, k) => {
    const scores = metric.score(
      set,
      fold.map(({ a, b }) => [a, b]),
    );
    return fold.map((pair, i) => ({
      ...pair,
      score: scores[i],
      threshold: best.thresholds[k],
      probability: probabilityAtEvenOdds(calibratedScore(matcher.calibration!, scores[i])),
    }));
  });
  const scores = [best, verifyBy("cosine", cosine, set, rows), verifyBy("hamming", hamming(), set, rows)];
  return { scores, judged };
}
