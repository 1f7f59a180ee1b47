import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { type Matrix, matrix, multiply, multiplyTransposed } from "../../math/linalg/index.ts";
import { fitJointBayesian } from "./fitJointBayesian.ts";
import { coordinates, likelihoodRatio } from "./jointBayesian.ts";
import { blendWith, shrinkWithin } from "./shrink.ts";

const SIZE = 12;

/** Pictures [people * each, SIZE] of people who differ by as much in every direction as their own pictures do. */
function pictures(people: number, each: number, seed: number) {
  const rng = createRng(seed);
  const values = Array.from({ length: people }, () => {
    const person = Array.from({ length: SIZE }, () => rng.normal());
    return Array.from({ length: each }, () => person.map((value) => value + rng.normal())).flat();
  }).flat();
  const identities = Array.from({ length: people * each }, (_, row) => `person ${Math.floor(row / each)}`);
  return { rows: matrix(people * each, SIZE, Float64Array.from(values)), identities };
}

const fitted = (people: number, each: number) => {
  const { rows, identities } = pictures(people, each, 3);
  return fitJointBayesian(rows, identities);
};

/** V S Vᵀ */
const inCoordinates = (directions: Matrix, covariance: Matrix) =>
  multiplyTransposed(multiply(directions, covariance), directions);

describe("shrinking the covariance within people", () => {
  test("brings the shrunk covariance to the identity, and leaves that between people diagonal", () => {
    const fit = fitted(30, 4);
    const share = 0.4;
    const { directions, ratios } = shrinkWithin(fit, share);
    const { values } = fit.within;
    const variance = Array.from({ length: SIZE }, (_, i) => values[i * (SIZE + 1)] / SIZE).reduce(
      (a, b) => a + b,
    );
    const shrunk = values.map(
      (value, at) => (1 - share) * value + (at % (SIZE + 1) === 0 ? share * variance : 0),
    );
    const within = inCoordinates(directions, matrix(SIZE, SIZE, shrunk)).values;
    const between = inCoordinates(directions, fit.between).values;
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j < SIZE; j++) {
        expect(within[i * SIZE + j]).toBeCloseTo(Number(i === j), 8);
        expect(between[i * SIZE + j]).toBeCloseTo(i === j ? ratios[i] : 0, 8);
      }
    }
  });

  test("leaves the model as it was fitted at 0, and refuses shares that are none", () => {
    const fit = fitted(10, 3);
    expect(shrinkWithin(fit, 0)).toBe(fit.model);
    for (const share of [-0.1, 1.1, Number.NaN])
      expect(() => shrinkWithin(fit, share)).toThrow(/must be 0 to 1/);
  });

  test("tells other people apart better where few pictures were fitted", () => {
    const fit = fitted(9, 2); // nine degrees of freedom for twelve directions
    const { rows, identities } = pictures(150, 2, 8);
    const right = (share: number) => {
      const model = shrinkWithin(fit, share);
      const { values, columns } = coordinates(model, rows);
      const { pair } = likelihoodRatio(model.ratios);
      const of = (row: number) => values.subarray(row * columns, (row + 1) * columns);
      const same = Array.from({ length: 150 }, (_, i) => pair(of(2 * i), of(2 * i + 1)));
      const different = Array.from({ length: 150 }, (_, i) =>
        pair(of(2 * i), of((2 * i + 3) % identities.length)),
      );
      const above = same.map((score) => different.filter((other) => other < score).length);
      return above.reduce((sum, count) => sum + count, 0) / 150 ** 2; // area under the ROC curve
    };
    expect(right(0.7)).toBeGreaterThan(right(0) + 0.02);
  });
});

describe("blending with a model of more people, along its directions", () => {
  const many = fitted(400, 5).model;
  const along = (people: number, each: number, seed: number) => {
    const { rows, identities } = pictures(people, each, seed);
    return { rows: coordinates(many, rows), identities };
  };

  test("is the other model at 1, the fit at 0, and between them has the blended covariances", () => {
    const { rows, identities } = along(12, 4, 5);
    const fit = fitJointBayesian(rows, identities);
    expect([...blendWith(fit, many.ratios, 0).ratios].map((x) => x.toFixed(8))).toEqual(
      [...fit.model.ratios].map((x) => x.toFixed(8)),
    );
    const other = blendWith(fit, many.ratios, 1);
    for (let k = 0; k < SIZE; k++) expect(other.ratios[k]).toBeCloseTo(many.ratios[k], 10);
    const { directions, ratios } = blendWith(fit, many.ratios, 0.3);
    const blended = (own: Matrix, prior: (k: number) => number) =>
      matrix(
        SIZE,
        SIZE,
        own.values.map((v, at) => 0.7 * v + (at % (SIZE + 1) === 0 ? 0.3 * prior(at / (SIZE + 1)) : 0)),
      );
    const within = inCoordinates(
      directions,
      blended(fit.within, () => 1),
    ).values;
    const between = inCoordinates(
      directions,
      blended(fit.between, (k) => many.ratios[k]),
    ).values;
    for (let at = 0; at < SIZE * SIZE; at++) {
      const [i, j] = [Math.floor(at / SIZE), at % SIZE];
      expect(within[at]).toBeCloseTo(Number(i === j), 8);
      expect(between[at]).toBeCloseTo(i === j ? ratios[i] : 0, 8);
    }
    expect(() => blendWith(fit, many.ratios, 2)).toThrow(/must be 0 to 1/);
  });
});
