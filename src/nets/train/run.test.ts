import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectClose, reader, tabulate } from "../../../test/support/float64.ts";
import { distancesTwin, forwardTwin } from "../../../test/support/netTwin.ts";
import { failureOf } from "../../../test/support/pictures.ts";
import {
  checkpointIn,
  newRunFolder as newFolder,
  noiseFaces,
  remainsOf,
  rewriteCheckpoint,
  TINY,
  trainTiny as train,
} from "../../../test/support/tinyTraining.ts";
import { InputError } from "../../base/errors/index.ts";
import type { Weights } from "../net/index.ts";
import { createBatches } from "./batches.ts";
import { hasCheckpoint, loadCheckpoint } from "./checkpoint.ts";
import type { Training } from "./config.ts";
import { bestMargin } from "./margin.ts";
import { readMetrics, type TrainingMetric } from "./metrics.ts";
import { runTraining } from "./run.ts";
import { startOfRun } from "./start.ts";
import { TrainingState } from "./state.ts";
import { isClassifier, stateTensors } from "./step.ts";
import { stepConfig } from "./stepConfig.ts";

/** A signal that is given after `steps` steps: a run looks at it once before each. */
function stopAfter(steps: number): AbortSignal {
  let looks = 0;
  return {
    get aborted() {
      return looks++ >= steps;
    },
  } as AbortSignal;
}

/** Shapes of a training's parameters, by name. */
const stepShapes = (training: Training) =>
  Object.fromEntries(
    stateTensors(stepConfig(training, 4)).map(({ name, parameter }) => [name, parameter.shape] as const),
  );

const LONG: Training = { ...TINY, steps: 26, evaluateEvery: 8 };

describe("a run that is stopped and goes on", () => {
  test("ends as one that was not, bit for bit: state, margins, pairs and metrics", async () => {
    const [straight, stopped] = [await newFolder(), await newFolder()];
    const whole = await train(straight, LONG);
    expect(whole).toMatchObject({ finished: true, step: 26 });
    for (const [steps, reached] of [
      [3, 3],
      [9, 12],
      [0, 12],
      [8, 20],
    ]) {
      expect(await train(stopped, LONG, { signal: stopAfter(steps) })).toMatchObject({
        finished: false,
        step: reached,
      });
    }
    const rest = await train(stopped, LONG);
    expect(rest).toMatchObject({ finished: true, step: 26 });
    expect(rest.weights).toEqual(whole.weights);
    const [a, b] = [await remainsOf(straight), await remainsOf(stopped)];
    expect(b).toEqual(a);
    expect(a.metrics.map(({ step }) => step)).toEqual([8, 16, 20, 24, 26]);
    expect(a.margins.every((margin) => margin > 0)).toBe(true);
    expect(a.recent.map(({ seen }) => seen > TINY.margin.pairs)).toEqual([true, true, true, true]);
  });

  test("counts the seconds of all its parts", async () => {
    const folder = await newFolder();
    const first = await train(folder, LONG, { signal: stopAfter(5) });
    expect(first.seconds).toBeGreaterThan(0);
    const second = await train(folder, LONG, { signal: stopAfter(0) });
    expect(second.seconds).toBeGreaterThan(first.seconds);
  });

  test("stops at an AbortSignal after the step under way", async () => {
    const folder = await newFolder();
    const controller = new AbortController();
    const result = await train(folder, LONG, {
      signal: controller.signal,
      onMetric: ({ step }) => step === 16 && controller.abort(),
    });
    expect(result).toMatchObject({ finished: false, step: 16 });
    expect((await loadCheckpoint(folder)).step).toBe(16);
  });

  test("has nothing more to do once it has ended", async () => {
    const folder = await newFolder();
    const first = await train(folder);
    const again = await train(folder);
    expect(again).toMatchObject({ finished: true, step: 6 });
    expect(again.weights).toEqual(first.weights);
  });

  test("forgets what it measured after its checkpoint, and a line that was cut off", async () => {
    const [straight, folder] = [await newFolder(), await newFolder()];
    await train(straight, LONG);
    await train(folder, LONG, { signal: stopAfter(10) });
    const early = await readFile(checkpointIn(folder));
    await train(folder, LONG, { signal: stopAfter(10) }); // to step 20, with lines for 16 and 20
    await writeFile(checkpointIn(folder), early);
    const lines = await readFile(join(folder, "metrics.jsonl"), "utf8");
    await writeFile(join(folder, "metrics.jsonl"), `${lines}${lines.slice(0, lines.indexOf("}}") + 1)}`);
    await train(folder, LONG);
    expect(await remainsOf(folder)).toEqual(await remainsOf(straight));
  });
});

/** A run long enough to learn something. */
const LEARNING: Training = {
  ...TINY,
  evaluateEvery: 20,
  pairs: 6,
  learningRate: { peak: 0.1, warmup: 5 },
  net: { ...TINY.net, normalisation: "batch", dropout: 0 },
  augmentation: { shift: 0, mirror: false, light: 0 },
};

describe("a run", () => {
  test("learns: on a few faces, its identification loss falls", async () => {
    const training: Training = {
      ...LEARNING,
      steps: 60,
      weightDecay: 0,
    };
    const folder = await newFolder();
    await train(folder, training);
    const [first, , last] = await readMetrics(folder);
    expect(first.tapLosses.id.length).toBe(4);
    last.tapLosses.id.forEach((loss, tap) => {
      expect(loss).toBeLessThan(0.8 * first.tapLosses.id[tap]);
    });
  });

  test("remembers the distances of its pairs, one of each kind for each, and sets margins by them", async () => {
    const folder = await newFolder();
    const training: Training = { ...TINY, steps: 1, margin: { pairs: 6, every: 1 } };
    await train(folder, training);
    const { recent, margins } = await loadCheckpoint(folder);

    const faces = noiseFaces(training);
    const { weights } = TrainingState.initial(stepConfig(training, faces.people), training.seed);
    const parameters = Object.entries(stepShapes(training))
      .filter(([name]) => name in weights)
      .map(([name, shape]) => [name, { shape, data: Float64Array.from(weights[name]) }] as const);
    const batch = createBatches(faces, training)(0);
    const input = tabulate(
      [6, 1, 39, 31],
      ([face, , i, j]) => batch.faces[(face * 39 + i) * 31 + j] / 127.5 - 1,
    );
    const activations = forwardTwin(training.net, Object.fromEntries(parameters), input);
    for (const [tap, ring] of recent.entries()) {
      const at = reader(distancesTwin(activations[`fc${tap + 1}`]));
      const person = batch.identities;
      const expected = [0, 2, 4].flatMap((row) => {
        const other = (row + 2) % 6;
        return [[at(row, row + 1), 1], ...(person[row] === person[other] ? [] : [[at(row, other), 0]])];
      });
      expect(ring.seen).toBe(expected.length);
      expectClose(
        ring.distances.subarray(0, ring.seen),
        expected.map(([distance]) => distance),
        { relative: 1e-4 },
      );
      expect(Array.from(ring.same.subarray(0, ring.seen))).toEqual(expected.map(([, same]) => same));
      expect(margins[tap]).toBe(Math.fround(bestMargin(ring)));
    }
    expect(recent.some(({ same, seen }) => same.subarray(0, seen).includes(0))).toBe(true);
  });

  test("reports means over the steps since the last line, and what it was told", async () => {
    const [each, four] = [await newFolder(), await newFolder()];
    const told: TrainingMetric[] = [];
    await train(each, { ...TINY, steps: 8, evaluateEvery: 1 });
    await train(four, { ...TINY, steps: 8, evaluateEvery: 4 }, { onMetric: (metric) => told.push(metric) });
    const [single, means] = [await readMetrics(each), await readMetrics(four)];
    expect(means).toEqual(told);
    expect(single.map(({ step, images }) => [step, images])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((step) => [step, 6 * step]),
    );
    expect(means.map(({ step }) => step)).toEqual([4, 8]);
    const mean = (of: (metric: TrainingMetric) => number) =>
      single.slice(4).reduce((sum, metric) => sum + of(metric) / 4, 0);
    for (let tap = 0; tap < 4; tap++) {
      expect(means[1].tapLosses.id[tap]).toBeCloseTo(
        mean((m) => m.tapLosses.id[tap]),
        9,
      );
      expect(means[1].tapLosses.ve[tap]).toBeCloseTo(
        mean((m) => m.tapLosses.ve[tap]),
        9,
      );
      expect(means[1].featureNorms[tap]).toBeCloseTo(
        mean((m) => m.featureNorms[tap]),
        9,
      );
    }
    expect(means[1].learningRate).toBe(single[7].learningRate);
    expect(means.every(({ imagesPerSecond }) => imagesPerSecond > 0)).toBe(true);
  });

  test("measures held-out people with the weights it has", async () => {
    const seen: (readonly string[])[] = [];
    const folder = await newFolder();
    await train(folder, LONG, {
      heldOut: async (weights) => {
        seen.push(Object.keys(weights));
        return { accuracy: 0.75 };
      },
    });
    expect(seen.length).toBe(4); // steps 8, 16, 24 and the last; not 20, which is a mere report
    expect(seen[0]).toContain("conv1.weight");
    expect(seen[0].some((name) => name.endsWith(".velocity"))).toBe(false);
    const measured = (await readMetrics(folder)).map(({ heldOut }) => heldOut?.accuracy);
    expect(measured).toEqual([0.75, 0.75, undefined, 0.75, 0.75]);
  });

  test("writes checkpoints as often as it was asked to", async () => {
    const folder = await newFolder();
    const found: boolean[] = [];
    const training = { ...TINY, steps: 8, evaluateEvery: 1, checkpointSeconds: 1e9 };
    await train(folder, training, { onMetric: () => found.push(hasCheckpoint(folder)) });
    expect(found).toEqual([false, false, false, false, false, false, false, false]);
    expect(hasCheckpoint(folder)).toBe(true);
    const often = await newFolder();
    const steps: number[] = [];
    await train(
      often,
      { ...training, checkpointSeconds: 0.001 },
      {
        onMetric: ({ step }) => steps.push(step),
        heldOut: async () => ({ accuracy: hasCheckpoint(often) ? (await loadCheckpoint(often)).step : 0 }),
      },
    );
    expect((await readMetrics(often)).map(({ heldOut }) => heldOut?.accuracy)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  test("that diverges says so and what to do, and keeps its last sound checkpoint", async () => {
    const folder = await newFolder();
    await train(folder, LONG, { signal: stopAfter(2) });
    // The same run, but with weights that leave the range of float32 in one step.
    const wild = { ...LONG, weightDecay: 10, learningRate: { peak: 3e38, warmup: 0 } };
    await rewriteCheckpoint(folder, (_, run) => {
      run.training = wild;
    });
    const before = await readFile(checkpointIn(folder));
    const failure = await failureOf(train(folder, wild));
    expect(failure).toBeInstanceOf(InputError);
    expect(failure.message).toMatch(/^training diverged at step 4: losses .*NaN.*Lower learningRate\.peak/);
    expect(await readFile(checkpointIn(folder))).toEqual(before);
  });

  test("does not save weights that are not finite, though no loss has shown it yet", async () => {
    const folder = await newFolder();
    const wild = {
      ...LONG,
      weightDecay: 10,
      learningRate: { peak: 3e38, warmup: 0 },
      checkpointSeconds: 0.001,
    };
    const failure = await failureOf(train(folder, wild));
    expect(failure.message).toMatch(/^training diverged at step 1: \S+ is not finite/);
    expect(hasCheckpoint(folder)).toBe(false);
  });

  test("starts from another run's weights, and keeps its frozen convolutions as they were", async () => {
    const [first, second] = [await newFolder(), await newFolder()];
    const trained = await train(first, { ...TINY, net: { ...TINY.net, normalisation: "batch" } });
    const start = await startOfRun(first, "first");
    expect(start.name).toBe("first (6 steps)");
    const training: Training = { ...TINY, net: { ...start.config, taps: [3, 4] }, frozen: 2, steps: 3 };
    const { weights } = await train(second, training, { start });
    const names = Object.keys(weights);
    expect(names).not.toContain("fc1.weight");
    const moved = names.filter((name) => weights[name].some((w, i) => w !== trained.weights[name][i]));
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.sort()).toEqual(names.filter((name) => !/^conv[12]/.test(name)).sort());
    expect((await startOfRun(second, "second")).name).toBe("second (3 steps, itself from first (6 steps))");
  });

  test("takes the frozen convolutions alone where the config says so, and begins the rest at random", async () => {
    const [first, second, third] = [await newFolder(), await newFolder(), await newFolder()];
    const { weights: trained } = await train(first);
    const start = await startOfRun(first, "first");
    const training: Training = { ...TINY, net: { ...TINY.net, taps: [3, 4] }, frozen: 2, steps: 1 };
    const still = { ...training, learningRate: { peak: 1e-30, warmup: 0 } };
    const { weights } = await train(second, { ...still, adopt: "frozen" }, { start });
    const { weights: all } = await train(third, still, { start });
    const taken = (own: Weights) =>
      Object.keys(own).filter((name) => own[name].every((value, i) => value === trained[name][i]));
    expect(taken(all)).toContain("conv3.weight");
    expect(taken(weights).filter((name) => name.endsWith("weight"))).toEqual([
      "conv1.weight",
      "conv2.weight",
    ]);
    expect((await startOfRun(second, "second")).name).toBe(
      "second (1 steps, itself from the first 2 convolutions of first (6 steps))",
    );
  });

  test("learns from a softmax over some of the people, the same if it was stopped", async () => {
    const [straight, stopped] = [await newFolder(), await newFolder()];
    const training: Training = { ...TINY, steps: 20, pairs: 2, sample: 3 };
    await train(straight, training);
    for (const steps of [5, 20]) await train(stopped, training, { signal: stopAfter(steps) });
    expect(await remainsOf(stopped)).toEqual(await remainsOf(straight));
    const { state, step } = await loadCheckpoint(straight);
    expect(step).toBe(20);
    const initial = TrainingState.initial(stepConfig(training, 4), training.seed).weights["id4.weight"];
    const moved = state.weights["id4.weight"].filter((value, i) => value !== initial[i]);
    expect(moved.length).toBe(initial.length); // each of the four people was drawn sooner or later
    const { weights } = await train(await newFolder(), { ...training, sample: 4 });
    expect(weights).toEqual((await train(await newFolder(), { ...training, sample: undefined })).weights); // all four
  });

  test("learns from a teacher alone: its error falls, there are no classifiers, and a stop changes nothing", async () => {
    const taught: Training = {
      ...LEARNING,
      steps: 40,
      teacher: { weight: 4, kernel: 1, labels: 0 },
    };
    const [straight, stopped] = [await newFolder(), await newFolder()];
    await train(straight, taught);
    const [first, last] = await readMetrics(straight);
    expect(first.tapLosses.id).toEqual([0, 0, 0, 0]);
    last.tapLosses.taught!.forEach((error, tap) => {
      expect(error).toBeLessThan(0.9 * first.tapLosses.taught![tap]);
    });
    expect(last.tapLosses.kernel!.map((error) => error > 0)).toEqual([false, false, false, true]);
    await train(stopped, taught, { signal: stopAfter(13) });
    await train(stopped, taught);
    const remains = await remainsOf(straight);
    expect(await remainsOf(stopped)).toEqual(remains);
    expect(Object.keys(remains.state).filter(isClassifier)).toEqual([]);
    expect(remains.state["map4.weight"].shape).toEqual([4, 3]);
  });

  test("learns from a teacher beside a sampled softmax, the same if it was stopped", async () => {
    const taught: Training = { ...TINY, sample: 4, pairs: 3, teacher: { weight: 1, taps: [4] } };
    const [straight, stopped] = [await newFolder(), await newFolder()];
    const faces = noiseFaces(taught, { people: 9 });
    const both = { folder: straight, facesKey: "noise", threads: 1, now: () => 0 };
    await runTraining(taught, faces, both);
    const half = { ...both, folder: stopped, resume: true };
    await runTraining(taught, faces, { ...half, signal: stopAfter(3) });
    await runTraining(taught, faces, half);
    expect(await remainsOf(stopped)).toEqual(await remainsOf(straight));
    const other = { ...faces, taught: { ...faces.taught!, key: "other" } };
    await expect(runTraining(taught, other, half)).rejects.toThrow(
      new InputError(`${stopped}: this run began with other features of a teacher`),
    );
  });

  test("has a net to start from where layers stay as they are", async () => {
    const frozen = { ...TINY, net: { ...TINY.net, taps: [4] }, frozen: 1 };
    const failure = await failureOf(train(await newFolder(), frozen));
    expect(failure).toBeInstanceOf(InputError);
    expect(failure.message).toContain("need a net to start from");
  });

  test("does not begin in a folder that holds a run, unless it is to go on", async () => {
    const folder = await newFolder();
    await train(folder);
    const failure = await failureOf(train(folder, TINY, { resume: false }));
    expect(failure).toBeInstanceOf(InputError);
    expect(failure.message).toContain("already contains a run");
  });

  test("does not go on as another run: with another config, or other faces", async () => {
    const folder = await newFolder();
    await train(folder);
    const other = await failureOf(train(folder, { ...TINY, momentum: 0.8 }));
    expect(other).toBeInstanceOf(InputError);
    expect(other.message).toContain(`${folder}: this run began with another config`);
    const wider = await failureOf(train(folder, { ...TINY, net: { ...TINY.net, neurons: 5 } }));
    expect(wider.message).toContain("this run began with another config");
    const faces = await failureOf(train(folder, TINY, { facesKey: "other" }));
    expect(faces).toEqual(
      new InputError(`${folder}: this run began with other training faces (or another split of them)`),
    );
  });

  test("goes on with the same config written in another order", async () => {
    const folder = await newFolder();
    await train(folder, TINY, { signal: stopAfter(2) });
    const turned = Object.fromEntries(Object.entries(TINY).reverse()) as Training;
    expect(await train(folder, turned)).toMatchObject({ finished: true });
  });
});
