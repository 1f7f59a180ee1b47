import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { calibrate, errorRatesAt, probabilityOfSame, thresholdAtFalseAcceptRate } from "./index.ts";

const normals = (count: number, mean: number, deviation: number, seed: number) => {
  const rng = createRng(seed);
  return Float64Array.from({ length: count }, () => mean + deviation * rng.normal());
};

describe("thresholds", () => {
  const ten = calibrate(Float64Array.of(5, 6, 7, 8), Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));

  test("accept no more than the asked share of strangers, and no fewer than can be", () => {
    expect([0.1, 0.2, 0.3, 0.9].map((rate) => thresholdAtFalseAcceptRate(ten, rate))).toEqual([8, 7, 6, 0]);
    expect(errorRatesAt(ten, 6)).toEqual({ falseAccept: 0.3, falseReject: 0.5 });
    expect(thresholdAtFalseAcceptRate(ten, 0.19)).toBe(8);
  });

  test("equal scores are accepted together or not at all", () => {
    const tied = calibrate(Float64Array.of(5, 6), Float64Array.of(1, 2, 2, 2));
    const threshold = thresholdAtFalseAcceptRate(tied, 0.5);
    expect(errorRatesAt(tied, threshold).falseAccept).toBe(0);
  });

  test("a rate rarer than was observed is refused with what it takes", () => {
    expect(() => thresholdAtFalseAcceptRate(ten, 0.05)).toThrow("needs at least 20 different pairs, got 10");
    expect(() => thresholdAtFalseAcceptRate(ten, Number.NaN)).toThrow(InputError);
  });
});

describe("probabilities", () => {
  test("of two normal kinds are those of Bayes' rule", () => {
    // densities N(1, 1) and N(-1, 1): log odds are 2 times the score
    const { slope, offset } = calibrate(normals(20_000, 1, 1, 1), normals(20_000, -1, 1, 2));
    expect(Math.abs(slope - 2)).toBeLessThan(0.08); // four standard errors, from the curve's information matrix
    expect(Math.abs(offset)).toBeLessThan(0.08);
  });

  test("do not depend on how many pairs of either kind there are, nor on the scale of the scores", () => {
    const [same, different] = [normals(4000, 1, 1, 3), normals(4000, -1, 1, 4)];
    const even = calibrate(same, different);
    const fewer = calibrate(same.slice(0, 400), different);
    expect(Math.abs(probabilityOfSame(even, 0) - probabilityOfSame(fewer, 0))).toBeLessThan(0.05);
    const scale = (scores: Float64Array) => scores.map((s) => 1e6 * s + 5e7);
    const scaled = calibrate(scale(same), scale(different));
    expect(probabilityOfSame(scaled, 1e6 + 5e7)).toBeCloseTo(probabilityOfSame(even, 1), 9);
  });

  test("stay inside (0, 1) and rise with the score where the kinds do not overlap", () => {
    const apart = calibrate(Float64Array.of(10, 11, 12), Float64Array.of(1, 2, 3));
    const at = [1, 6.5, 12].map((score) => probabilityOfSame(apart, score));
    expect(at[0]).toBeGreaterThan(0);
    expect(at[0]).toBeLessThan(0.3);
    expect(at[1]).toBeCloseTo(0.5, 6); // half way, by symmetry
    expect(at[2]).toBeLessThan(1);
    expect(at[2]).toBeGreaterThan(0.7);
  });

  test("the curve is where the cross-entropy is least", () => {
    const [same, different] = [normals(50, 1, 2, 5), normals(80, 0, 1, 6)];
    const { slope, offset } = calibrate(same, different);
    const loss = (a: number, b: number) => {
      const mean = (scores: Float64Array, target: number) =>
        scores.reduce((sum, s) => {
          const p = 1 / (1 + Math.exp(-(a * s + b)));
          return sum - (target * Math.log(p) + (1 - target) * Math.log(1 - p)) / scores.length;
        }, 0);
      return mean(same, 51 / 52) + mean(different, 1 / 82);
    };
    for (const [da, db] of [
      [1e-3, 0],
      [-1e-3, 0],
      [0, 1e-3],
      [0, -1e-3],
    ]) {
      expect(loss(slope + da, offset + db)).toBeGreaterThan(loss(slope, offset));
    }
  });

  test("too few or broken scores are refused", () => {
    expect(() => calibrate(Float64Array.of(1), Float64Array.of(1, 2))).toThrow("got 1 same, 2 different");
    expect(() => calibrate(Float64Array.of(1, Number.NaN), Float64Array.of(1, 2))).toThrow("must be finite");
  });
});
