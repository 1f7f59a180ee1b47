/** Many faces at once against their brute-force twins: means over pairs, score parts, people of several faces. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { matrix } from "../../math/linalg/index.ts";
import { createFeatureSet, type FeatureSet } from "../features/index.ts";
import {
  cosine,
  createMatcher,
  type GroupMetric,
  hamming,
  jointBayesian,
  meanCosine,
  meanHamming,
  meanJointBayesian,
  type PairMetric,
  scoresAgainstPeople,
} from "./index.ts";

const DIMENSION = 6;
const rng = createRng(3);
const numbers = (length: number) => Float64Array.from({ length }, () => rng.normal());
const matcher = createMatcher({
  blockSize: 3,
  mean: numbers(DIMENSION).map((value) => value / 5),
  directions: matrix(4, DIMENSION, numbers(4 * DIMENSION)),
  ratios: Float64Array.of(3, 0.8, 0.05, 0),
});
const thresholds = Float32Array.from(numbers(DIMENSION));

const metrics: [string, GroupMetric, PairMetric][] = [
  ["cosine", meanCosine, cosine],
  ["joint Bayesian", meanJointBayesian(matcher), jointBayesian(matcher)],
  ["Hamming", meanHamming(), hamming()],
  ["Hamming at thresholds", meanHamming(thresholds), hamming(thresholds)],
];

const setOf = (rows: number): FeatureSet => {
  const names = Array.from({ length: rows }, (_, row) => `a/${row}`);
  const values = Float32Array.from(numbers(rows * DIMENSION));
  return createFeatureSet(values, DIMENSION, { names, identities: names });
};

describe("the closed form of the mean over all pairs is the mean over all pairs", () => {
  test.each(metrics)("%s", (_, group, pairwise) => {
    const set = setOf(12);
    const rows = fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const pairs = a.flatMap((first) => b.map((second) => [first, second] as const));
        const mean = pairwise.score(set, pairs).reduce((sum, score) => sum + score, 0) / pairs.length;
        const score = group.prepare(set, [a, b]);
        expect(score(0, 1)).toBeCloseTo(mean, 6); // normaliseBlocks holds unit vectors as float32
        expect(score(1, 0)).toBeCloseTo(mean, 6);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  test("groups without a face, or of faces that are not there, are refused", () => {
    expect(() => meanCosine.prepare(setOf(2), [[0], []])).toThrow("group 1 needs a face, got none");
    expect(() => meanHamming().prepare(setOf(2), [[0, 2]])).toThrow("rows run from 0 to 1, got 2 in group 0");
  });
});

describe("joint Bayesian", () => {
  test("as a metric over rows is the pair score of their coordinates", () => {
    const set = setOf(8);
    const { values, columns } = matcher.project(set);
    const at = (row: number) => values.subarray(row * columns, (row + 1) * columns);
    const score = jointBayesian(matcher).prepare(set);
    for (let a = 0; a < 8; a++) {
      for (let b = 0; b < 8; b++) expect(score(a, b)).toBeCloseTo(matcher.pair(at(a), at(b)), 10);
    }
  });

  test("of a face against people of several faces is the set score", () => {
    const set = setOf(10);
    const people = [[1, 2, 3], [4], [5, 6, 7]];
    const { values, columns } = matcher.project(set);
    const at = (row: number) => values.subarray(row * columns, (row + 1) * columns);
    const scores = scoresAgainstPeople(matcher, matcher.project(set), people);
    for (const probe of [0, 4, 9]) {
      const expected = people.map((rows) => matcher.sets([at(probe)], rows.map(at)));
      for (const [i, value] of expected.entries()) expect(scores(probe)[i]).toBeCloseTo(value, 10);
    }
    expect(() => scoresAgainstPeople(matcher, matcher.project(set), [[1], []])).toThrow(
      "person 1 needs a face, got none",
    );
  });
});
