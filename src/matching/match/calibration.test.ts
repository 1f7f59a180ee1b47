import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { calibrate, calibratedScore, probabilityAtEvenOdds } from "./index.ts";

const normals = (count: number, mean: number, deviation: number, seed: number) => {
  const rng = createRng(seed);
  return Float64Array.from({ length: count }, () => mean + deviation * rng.normal());
};

const probabilityOfSame = (calibration: ReturnType<typeof calibrate>, score: number) =>
  probabilityAtEvenOdds(calibratedScore(calibration, score));

describe("calibrated scores", () => {
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

  test("are kept of both kinds, from the smallest up, and their logistic is the probability", () => {
    const calibration = calibrate(normals(60, 1, 2, 7), normals(90, -1, 1, 8));
    for (const kind of ["same", "different"] as const) {
      expect([...calibration.scores[kind]]).toEqual(
        [...calibration[kind]].map((score) => calibration.slope * score + calibration.offset),
      );
    }
    expect(probabilityAtEvenOdds(0)).toBe(0.5);
    expect(probabilityAtEvenOdds(Math.log(3))).toBeCloseTo(0.75, 12);
    expect([probabilityAtEvenOdds(-1e4), probabilityAtEvenOdds(1e4)]).toEqual([0, 1]);
  });

  test("too few or broken scores are refused", () => {
    expect(() => calibrate(Float64Array.of(1), Float64Array.of(1, 2))).toThrow("got 1 same, 2 different");
    expect(() => calibrate(Float64Array.of(1, Number.NaN), Float64Array.of(1, 2))).toThrow("must be finite");
  });
});
