/** The demo from the first face to the result: draws people, trains, makes a model, and measures it on people unseen. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { InputError } from "../../../base/errors/index.ts";
import { writeFileAtomic } from "../../../base/files/index.ts";
import type { AlignedFaces } from "../../../faces/data/index.ts";
import type { AttributeTable } from "../../../matching/features/index.ts";
import { cosine, hamming, jointBayesian, probabilityOfSame } from "../../../matching/match/index.ts";
import { extractFeatures, type FaceModel, type ModelCard, openModel } from "../../../nets/net/index.ts";
import { RELEASE_DEFAULTS, readMetrics, releaseRun, type TrainingMetric } from "../../../nets/train/index.ts";
import { type NamedVerification, verifyBy } from "../../../matching/protocols/pairVerification.ts";
import { writingTo } from "../../../cli/support/failure.ts";
import { Interruption, type Io } from "../../../cli/support/io.ts";
import { checkWritable } from "../../../cli/support/options.ts";
import type { Output } from "../../../cli/support/output.ts";
import { syntheticFaces } from "../../../faces/data/synthetic/syntheticFaces.ts";
import { trainRun } from "../../../cli/trainRun.ts";
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

interface Context {
  readonly io: Io;
  readonly output: Output;
}

/** The demo's people, drawn: those for the run, and those it never sees. */
export interface DrawnDemo {
  readonly plan: DemoPlan;
  readonly learning: AlignedFaces;
  readonly test: TestSet;
  readonly attributes: AttributeTable;
}

export async function drawDemo(options: DemoOptions, { io, output }: Context): Promise<DrawnDemo> {
  const plan = planDemo(options);
  const { pictures } = options;
  output.note(`drawing ${options.people} people, ${pictures} pictures each`);
  const { faces, attributes } = await syntheticFaces(options, {
    onProgress: output.onProgress("drawing"),
    signal: io.interrupt,
  });
  const learning = await slicePeople(faces, { first: 0, people: plan.learning, pictures });
  const unseen = await slicePeople(faces, { first: plan.learning, people: plan.test, pictures });
  const test = createTestSet(unseen, { count: plan.pairs, seed: options.seed });
  return { plan, learning, test, attributes };
}

/** Runs the demo in `folder`, where an earlier demo is replaced and anything else left alone. */
export async function runDemo(
  folder: string,
  options: DemoOptions & { readonly taps?: readonly number[] },
  drawn: DrawnDemo | undefined,
  context: Context,
): Promise<DemoResult> {
  const { io, output } = context;
  const places = await clear(folder, options);
  const clock = stopwatch(io);
  const { plan, learning, test } = drawn ?? (await drawDemo(options, context));
  const drawing = clock();

  const engine = { provider: "cpu", threads: availableParallelism() } as const;
  const run = { ...engine, folder: places.run, resume: false };
  const { finished } = await trainRun(plan.training, learning, run, context);
  if (!finished) throw new Interruption("stopped; the demo begins anew next time");
  const training = clock();

  output.note(`making a model with ${plan.training.split.matching} people whom the net has not seen`);
  const card = await releaseRun({
    ...engine,
    runFolder: places.run,
    faces: learning,
    out: places.model,
    name: "demo",
    source: `synthetic: ${plan.learning} people, ${options.pictures} pictures each, seed ${options.seed}`,
    licence: "no rights reserved: these people do not exist",
    components: plan.components,
    taps: options.taps ?? RELEASE_DEFAULTS.taps,
    signal: io.interrupt,
  });
  const release = clock();

  output.note(`testing on ${plan.test} other people`);
  await writeTestSet(folder, test);
  const model = await openModel(places.model, engine);
  try {
    const results = await measure(model, test, io);
    const metrics = await readMetrics(places.run);
    const seconds = { drawing, training, release, test: clock() };
    return { options, plan, card, metrics, test, ...results, seconds };
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
function stopwatch({ now }: Io): () => number {
  let last = now();
  return () => {
    const seconds = (now() - last) / 1000;
    last = now();
    return seconds;
  };
}

async function measure({ net, card, matcher }: FaceModel, { faces, rows }: TestSet, { interrupt }: Io) {
  const what = { net, region: card.region, name: card.feature };
  const set = await extractFeatures(what, faces, { signal: interrupt });
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
      probability: probabilityOfSame(matcher.calibration!, scores[i]),
    }));
  });
  const scores = [best, verifyBy("cosine", cosine, set, rows), verifyBy("hamming", hamming(), set, rows)];
  return { scores, judged };
}
