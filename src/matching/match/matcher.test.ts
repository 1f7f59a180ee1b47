import { mkdtemp, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { DataError } from "../../base/errors/index.ts";
import { readSafetensors, writeSafetensors } from "../../base/files/index.ts";
import { createRng } from "../../base/random/index.ts";
import type { SafeTensor } from "../../base/safetensors/index.ts";
import { multiply } from "../../math/linalg/index.ts";
import { createFeatureSet, type FeatureSet, selectPeople } from "../features/index.ts";
import { readMatcher, writeMatcher } from "../files/index.ts";
import {
  calibrate,
  cosine,
  type FittedMatcher,
  fitMatcher,
  fitMatchers,
  jointBayesian,
  type Matcher,
  type PairMetric,
  type RowPair,
  roundMatcher,
  scoresToStore,
} from "./index.ts";
import { likelihoodRatio } from "./jointBayesian.ts";
import { createMatcher } from "./matcher.ts";

/** ReLU features of people: few directions tell people apart, more and stronger ones only vary. */
function people(count: number, faces: number, dimension: number, seed: number): FeatureSet {
  const rng = createRng(seed);
  const mix = Float64Array.from({ length: dimension * 30 }, createRng(0).normal);
  const values: number[] = [];
  const names: string[] = [];
  const identities: string[] = [];
  for (let person = 0; person < count; person++) {
    const mu = Array.from({ length: 10 }, rng.normal);
    for (let face = 0; face < faces; face++) {
      const causes = [...mu, ...Array.from({ length: 20 }, rng.normal)];
      for (let j = 0; j < dimension; j++) {
        const value = causes.reduce((sum, cause, k) => sum + cause * mix[j * 30 + k], 0.3 * rng.normal());
        values.push(Math.max(value, 0));
      }
      names.push(`person ${person}/${face}`);
      identities.push(`person ${person}`);
    }
  }
  return createFeatureSet(Float32Array.from(values), dimension, { names, identities });
}

/** Pairs of one person and, in the second half, as many of two. */
function pairsOf({ rows, identities }: FeatureSet, count: number): RowPair[] {
  const rng = createRng(9);
  const pairs: RowPair[] = [];
  while (pairs.length < count) {
    const [a, b] = [rng.integer(rows), rng.integer(rows)];
    if (a !== b && (identities[a] === identities[b]) === pairs.length < count / 2) pairs.push([a, b]);
  }
  return pairs;
}

/** Chance that a pair of one person scores above one of two. */
function areaUnderCurve(metric: PairMetric, set: FeatureSet): number {
  const scores = metric.score(set, pairsOf(set, 400));
  const [same, different] = [scores.slice(0, 200), scores.slice(200)];
  return (
    same.reduce((sum, s) => sum + different.filter((d) => d < s).length / different.length, 0) / same.length
  );
}

const all = people(80, 6, 48, 1);
const isTest = (who: string) => Number(who.split(" ")[1]) >= 60;
const [training, unseen] = [selectPeople(all, (who) => !isTest(who)), selectPeople(all, isTest)];
let matcher: Matcher;
beforeAll(async () => {
  ({ matcher } = await fitMatcher(training, { components: 32, blockSize: 24 }));
});

describe("a matcher", () => {
  test("tells unseen people apart better than cosine does", () => {
    const [learned, plain] = [jointBayesian(matcher), cosine].map((metric) => areaUnderCurve(metric, unseen));
    expect(learned).toBeGreaterThan(0.9);
    expect(learned).toBeGreaterThan(plain + 0.03);
  });

  test("takes the steps one by one to the same scores", async () => {
    const { matcher: fitted, pca, fit } = await fitMatcher(training, { components: 20, normalise: false });
    const centred = {
      rows: 1,
      columns: 48,
      values: training.values.slice(0, 48).map((v, j) => v - pca.mean[j]),
    };
    const components = multiply(pca.components, {
      rows: 48,
      columns: 1,
      values: Float64Array.from(centred.values),
    });
    const z = multiply(fit.model.directions, components).values;
    for (const [k, value] of fitted.project(training).values.slice(0, 20).entries())
      expect(value).toBeCloseTo(z[k], 4); // float32 differences
  });

  test("scores a pair of rows as its metric and of sets does", () => {
    const z = matcher.project(unseen);
    const at = (row: number) => z.values.subarray(row * z.columns, (row + 1) * z.columns);
    const [score] = jointBayesian(matcher).score(unseen, [[2, 7]]);
    expect(score).toBeCloseTo(matcher.pair(at(2), at(7)), 10);
    expect(matcher.sets([at(7)], [at(2)])).toBeCloseTo(score, 9);
  });

  test("does not see the length of a block", () => {
    const brighter = { ...unseen, values: unseen.values.map((v, i) => (i % 48 < 24 ? 2 * v : v)) };
    const [a, b] = [unseen, brighter].map((set) => jointBayesian(matcher).score(set, [[0, 9]])[0]);
    expect(b).toBeCloseTo(a, 4); // float32
  });

  test("keeps the components there are when more are asked for", async () => {
    const { matcher: all } = await fitMatcher(training, { components: 500, normalise: false });
    expect(all.model.ratios.length).toBe(48);
  });

  test("fitted with others of other sizes is the one fitted on its own", async () => {
    const sizes = [20, 6];
    const together: FittedMatcher[] = [];
    for await (const fitted of fitMatchers(training, sizes, { blockSize: 24 })) together.push(fitted);
    expect(together.map(({ components }) => components)).toEqual(sizes);
    for (const { components, matcher, pca } of together) {
      const own = await fitMatcher(training, { components, blockSize: 24 });
      expect(matcher.model).toEqual(own.matcher.model);
      expect(pca.components.rows).toBe(components);
    }
  });

  test("of fewer directions keeps those of the largest ratios, and scores by them alone", async () => {
    const training = people(40, 5, 48, 3);
    const [all, few] = [
      await fitMatcher(training, { components: 12, blockSize: 24 }),
      await fitMatcher(training, { components: 12, directions: 5, blockSize: 24 }),
    ].map((fitted) => fitted.matcher);
    expect([...few.model.ratios]).toEqual([...all.model.ratios].sort((a, b) => b - a).slice(0, 5));
    const [coordinates, kept] = [all, few].map((m) => m.project(unseen));
    for (let row = 0; row < 3; row++) {
      expect(kept.values.slice(5 * row, 5 * row + 5)).toEqual(
        coordinates.values.slice(12 * row, 12 * row + 5),
      );
    }
    const [a, b] = [kept.values.slice(0, 5), kept.values.slice(5, 10)];
    expect(few.pair(a, b)).toBeCloseTo(likelihoodRatio(all.model.ratios.slice(0, 5)).pair(a, b), 10);
  });

  test("refuses features of another dimension", () => {
    const other = createFeatureSet(new Float32Array(2), 2, { names: ["a"], identities: ["a"] });
    expect(() => matcher.project(other)).toThrow("compares features of dimension 48, got 2");
  });
});

describe("a matcher's file", () => {
  let path: string;
  beforeAll(async () => {
    path = join(await mkdtemp(join(tmpdir(), "matcher-")), "m.safetensors");
  });

  test("gives back the rounded matcher, score for score, and its calibration", async () => {
    const rounded = roundMatcher(matcher);
    const scores = jointBayesian(rounded).score(unseen, pairsOf(unseen, 50));
    const calibration = calibrate(scores.slice(0, 25), scores.slice(25));
    await writeMatcher(path, { matcher: rounded, calibration });
    const stored = await readMatcher(path);
    expect(jointBayesian(stored.matcher).score(unseen, pairsOf(unseen, 50))).toEqual(scores);
    expect(stored.calibration).toEqual(calibration);
    expect(stored.matcher.model.blockSize).toBe(24);
  });

  test("holds scores to calibrate on in half floats once they are rounded to those, and large ones all the same", async () => {
    for (const [scale, dtype] of [
      [1, "F16"],
      [1e6, "F64"],
    ] as const) {
      const scores = Float64Array.from({ length: 100 }, (_, i) => scale * Math.sin(i));
      const calibration = calibrate(scoresToStore(scores.slice(0, 50)), scoresToStore(scores.slice(50)));
      for (const [i, score] of calibration.same.entries()) {
        expect(Math.abs(score - scores.slice(0, 50).sort()[i])).toBeLessThanOrEqual(scale * 2 ** -11);
      }
      await writeMatcher(path, { matcher: roundMatcher(matcher), calibration });
      expect((await readSafetensors(path)).tensors["calibration.same"].dtype).toBe(dtype);
      expect((await readMatcher(path)).calibration).toEqual(calibration);
    }
  });

  test("keeps the calibration's curve, which is fitted again where an earlier release kept none", async () => {
    const scores = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i) + (i < 50 ? 1 : 0));
    const calibration = calibrate(scores.slice(0, 50), scores.slice(50));
    await writeMatcher(path, { matcher: roundMatcher(matcher), calibration });
    const { tensors, metadata } = await readSafetensors(path);
    const curve = (...values: number[]): SafeTensor => ({
      dtype: "F64",
      shape: [values.length],
      data: Float64Array.from(values),
    });
    expect(tensors["calibration.curve"]).toEqual(curve(calibration.slope, calibration.offset));
    const withCurve = async (kept: SafeTensor | undefined) => {
      const { "calibration.curve": _, ...others } = tensors;
      await writeSafetensors(path, kept ? { ...others, "calibration.curve": kept } : others, metadata);
      return (await readMatcher(path)).calibration;
    };
    expect(await withCurve(undefined)).toEqual(calibration);
    expect(await withCurve(curve(2, -1))).toMatchObject({ slope: 2, offset: -1 });
    await expect(withCurve(curve(Number.NaN, 0))).rejects.toThrow(/its curve must be two finite numbers/);
    await expect(withCurve(curve(1))).rejects.toThrow('tensor "calibration.curve" must be F64 of shape [2]');
  });

  test("rounding moves a number by half a 127th of its row's largest at most, and scores by 2 % of the largest", () => {
    const [exact, rounded] = [matcher, roundMatcher(matcher)];
    const { rows, columns } = exact.model.directions;
    for (let row = 0; row < rows; row++) {
      const [own, near] = [exact, rounded].map(({ model }) =>
        model.directions.values.subarray(row * columns, (row + 1) * columns),
      );
      const step = Math.max(...own.map(Math.abs)) / 127;
      for (const [i, value] of own.entries()) expect(Math.abs(value - near[i])).toBeLessThan(0.50001 * step);
    }
    const scores = [exact, rounded].map((m) => jointBayesian(m).score(unseen, pairsOf(unseen, 50)));
    const largest = Math.max(...scores[0].map(Math.abs));
    for (const [i, score] of scores[0].entries()) {
      expect(Math.abs(score - scores[1][i])).toBeLessThan(largest / 50);
    }
  });

  test("holds rounded directions in bytes, rounding them twice changes nothing", async () => {
    const rounded = roundMatcher(matcher);
    expect(roundMatcher(rounded).model).toEqual(rounded.model);
    await writeMatcher(path, { matcher: rounded });
    expect((await readSafetensors(path)).tensors.directions.dtype).toBe("I8");
    expect((await readMatcher(path)).matcher.model).toEqual(rounded.model);
  });

  test("holds a direction of zeros", async () => {
    const { directions } = matcher.model;
    const values = directions.values.slice();
    values.fill(0, 0, directions.columns);
    const zeros = roundMatcher(createMatcher({ ...matcher.model, directions: { ...directions, values } }));
    await writeMatcher(path, { matcher: zeros });
    expect((await readMatcher(path)).matcher.model).toEqual(zeros.model);
  });

  test("holds other directions in float32 and to float32's precision", async () => {
    await writeMatcher(path, { matcher });
    expect((await readSafetensors(path)).tensors.directions.dtype).toBe("F32");
    const stored = (await readMatcher(path)).matcher.model.directions;
    expect(stored.values).toEqual(matcher.model.directions.values.map(Math.fround));
  });

  test("that is truncated, foreign or damaged is refused with its name", async () => {
    await writeMatcher(path, { matcher });
    expect((await readMatcher(path)).calibration).toBeUndefined();
    const { tensors, metadata } = await readSafetensors(path);
    const changed = async (parts: Record<string, SafeTensor>, words: Record<string, string> = {}) => {
      await writeSafetensors(path, { ...tensors, ...parts }, { ...metadata, ...words });
      return readMatcher(path);
    };
    await expect(changed({}, { format: "x" })).rejects.toThrow(
      'needs metadata format "deepid2plus-matcher", got "x"',
    );
    await expect(changed({}, { blockSize: "5" })).rejects.toThrow("blockSize must divide 48");
    const mean: SafeTensor = { dtype: "F64", shape: [2], data: new Float64Array(2) };
    await expect(changed({ mean })).rejects.toThrow('tensor "mean" must be F64 of shape [48]');
    const ratios: SafeTensor = { dtype: "F64", shape: [32], data: new Float64Array(32).fill(Number.NaN) };
    await expect(changed({ ratios })).rejects.toThrow("ratios must be finite");
    await expect(changed({ "calibration.same": mean })).rejects.toThrow(
      'needs a tensor "calibration.different"',
    );
    await truncate(path, 900);
    await expect(readMatcher(path)).rejects.toThrow(DataError);
  });
});
