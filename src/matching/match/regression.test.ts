import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { fitPca, matrix, multiplyTransposed, project } from "../../math/linalg/index.ts";
import { createFeatureSet, type FeatureSet, selectPeople } from "../features/index.ts";
import { fitMatchers, jointBayesian, type Matcher, refitMatchers } from "./index.ts";
import { createMatcher } from "./matcher.ts";
import { regressOnto } from "./regression.ts";

const gaussian = (rows: number, columns: number, seed: number) =>
  matrix(rows, columns, Float64Array.from({ length: rows * columns }, createRng(seed).normal));

describe("a regression on principal components", () => {
  test("finds the linear map that made the targets, but for the ridge, whatever their mean", async () => {
    const rows = gaussian(4000, 12, 1);
    const map = gaussian(3, 12, 2);
    const made = multiplyTransposed(rows, map);
    const targets = { ...made, values: made.values.map((value, at) => value + 5 * (at % 3)) };
    const pca = await fitPca(rows, { components: 12 });
    const coordinates = project(pca, rows);
    const said = multiplyTransposed(coordinates, regressOnto(coordinates, targets));
    const mean = Float64Array.from({ length: 3 }, (_, j) =>
      targets.values.reduce((sum, value, at) => (at % 3 === j ? sum + value / 4000 : sum), 0),
    );
    const [error, all] = [...said.values].reduce(
      ([e, a], value, at) => {
        const wanted = targets.values[at] - mean[at % 3];
        return [e + (value - wanted) ** 2, a + wanted ** 2];
      },
      [0, 0],
    );
    expect(error / all).toBeLessThan(0.004);
  });

  test("equals the normal equations with the ridge on their diagonal", async () => {
    const rows = gaussian(50, 4, 3);
    const targets = gaussian(50, 2, 4);
    const coordinates = project(await fitPca(rows, { components: 4 }), rows);
    const map = regressOnto(coordinates, targets);
    const square = (k: number, l: number) =>
      Array.from(
        { length: 50 },
        (_, i) => coordinates.values[4 * i + k] * coordinates.values[4 * i + l],
      ).reduce((sum, value) => sum + value, 0);
    const ridge = (0.05 * [0, 1, 2, 3].reduce((sum, k) => sum + square(k, k), 0)) / 4;
    for (let j = 0; j < 2; j++) {
      for (let k = 0; k < 4; k++) {
        let left = ridge * map.values[4 * j + k];
        for (let l = 0; l < 4; l++) left += square(k, l) * map.values[4 * j + l];
        let right = 0;
        for (let i = 0; i < 50; i++) right += coordinates.values[4 * i + k] * targets.values[2 * i + j];
        expect(left).toBeCloseTo(right, 8);
      }
    }
  });

  test("needs a row of targets for each face, and as many components as numbers", () => {
    const coordinates = gaussian(6, 3, 5);
    expect(() => regressOnto(coordinates, gaussian(5, 2, 6))).toThrow(InputError);
    expect(() => regressOnto(coordinates, gaussian(5, 2, 6))).toThrow(
      "regression: 6 faces need as many rows of a teacher's numbers, got 5",
    );
    expect(() => regressOnto(coordinates, gaussian(6, 4, 6))).toThrow(
      "regression: a teacher's 4 numbers need as many components or more, got 3",
    );
  });
});

/** Faces whose person is in the weakest of 24 columns, and a teacher that names it. */
function weaklyTold(people: number, faces: number, seed: number): { set: FeatureSet; teacher: Float32Array } {
  const rng = createRng(seed);
  const values: number[] = [];
  const teacher: number[] = [];
  const identities: string[] = [];
  for (let person = 0; person < people; person++) {
    const who = Array.from({ length: 4 }, rng.normal);
    for (let face = 0; face < faces; face++) {
      const seen = who.map((value) => value + 0.2 * rng.normal());
      values.push(...seen, ...Array.from({ length: 20 }, () => 3 * rng.normal()));
      teacher.push(...seen);
      identities.push(`person ${seed}/${person}`);
    }
  }
  const names = identities.map((who, i) => `${who}/${i}`);
  return {
    set: createFeatureSet(Float32Array.from(values), 24, { names, identities }),
    teacher: Float32Array.from(teacher),
  };
}

test("a matcher of a teacher's numbers hears what varies too little for the components", async () => {
  const { set, teacher } = weaklyTold(150, 4, 1);
  const unseen = selectPeople(weaklyTold(30, 2, 2).set, () => true);
  const separation = async (options: Parameters<typeof fitMatchers>[2], components: number) => {
    const { value } = await fitMatchers(set, [components], { normalise: false, ...options }).next();
    const { matcher } = value!;
    const metric = jointBayesian(matcher);
    const same = metric.score(
      unseen,
      Array.from({ length: 30 }, (_, i) => [2 * i, 2 * i + 1] as const),
    );
    const other = metric.score(
      unseen,
      Array.from({ length: 29 }, (_, i) => [2 * i, 2 * i + 3] as const),
    );
    const right = [...same].reduce((sum, s) => sum + other.filter((o) => o < s).length, 0);
    return { right: right / (30 * 29), directions: matcher.model.ratios.length };
  };
  const taught = { rows: set.rows, columns: 4, values: teacher };
  const alone = await separation({}, 20); // the components of most variance: none of them tells people apart
  const withTeacher = await separation({ teacher: taught }, 24);
  expect(alone.right).toBeLessThan(0.7);
  expect(withTeacher.right).toBeGreaterThan(0.95);
  expect(withTeacher.directions).toBe(4);
});

test("numbers of a teacher that repeat each other or say nothing are passed over", async () => {
  const { set, teacher } = weaklyTold(60, 4, 1);
  const values = Float32Array.from({ length: 6 * set.rows }, (_, at) =>
    at % 6 < 4
      ? teacher[4 * Math.floor(at / 6) + (at % 6)]
      : at % 6 === 4
        ? teacher[4 * Math.floor(at / 6)]
        : 7,
  );
  const options = { normalise: false, teacher: { rows: set.rows, columns: 6, values } };
  const { value } = await fitMatchers(set, [24], options).next();
  expect(value!.matcher.model.ratios.length).toBe(4);
});

describe("a matcher that starts from another", () => {
  const scoresOf = (matcher: Matcher, set: FeatureSet) =>
    jointBayesian(matcher).score(
      set,
      Array.from({ length: 60 }, (_, i) => [i, 59 - i] as const),
    );

  test("of hardly any people is that one but for the mean, with all its directions", async () => {
    const many = weaklyTold(150, 4, 1);
    const taught = { rows: many.set.rows, columns: 4, values: many.teacher };
    const { value } = await fitMatchers(many.set, [24], { normalise: false, teacher: taught }).next();
    const start = value!.matcher;
    const few = weaklyTold(2, 2, 5).set; // two directions of four are fitted
    const made = [];
    for await (const one of refitMatchers(few, start, { shrinkages: [0, 0.5, 1] })) made.push(one);
    expect(made.map(({ shrinkage }) => shrinkage)).toEqual([0, 0.5, 1]);
    for (const { matcher } of made) {
      expect(matcher.model.ratios.length).toBe(4);
      expect([...matcher.model.ratios]).toEqual([...matcher.model.ratios].sort((a, b) => b - a));
    }
    const last = made[2].matcher.model;
    for (let k = 0; k < 4; k++) expect(last.ratios[k]).toBeCloseTo(start.model.ratios[k], 8);
    const other = weaklyTold(30, 2, 2).set;
    const shifted = createMatcher({ ...start.model, mean: last.mean });
    const [kept, was] = [made[2].matcher, shifted].map((matcher) => scoresOf(matcher, other));
    for (const [i, score] of kept.entries()) expect(score).toBeCloseTo(was[i], 6);
  });

  test("needs features of its dimension", async () => {
    const { value } = await fitMatchers(weaklyTold(20, 3, 1).set, [10], { normalise: false }).next();
    const of = { names: ["a", "b"], identities: ["a", "b"] };
    const narrow = createFeatureSet(new Float32Array(40).fill(1), 20, of);
    await expect(refitMatchers(narrow, value!.matcher, { shrinkages: [1] }).next()).rejects.toThrow(
      "matcher: it compares features of dimension 24, got 20",
    );
  });
});
