import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import {
  type Calibration,
  calibrate,
  operatingPoints,
  pointAt,
  pointAtRate,
  pointInGallery,
  scoresToStore,
  sharesAtLeast,
} from "./index.ts";

/** A calibration whose calibrated scores are the given ones, so that tests can count. */
const asGiven = (same: readonly number[], different: readonly number[]): Calibration => {
  const scores = {
    same: Float64Array.from(same).sort(),
    different: Float64Array.from(different).sort(),
  };
  return { ...scores, slope: 1, offset: 0, scores };
};
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("a point at a rate", () => {
  const ten = asGiven([5, 6, 7, 8], range(10));

  test("accepts no more than the asked share of strangers, and no fewer than can be", () => {
    expect([0.1, 0.2, 0.3, 0.9].map((rate) => pointAtRate(ten, rate).score)).toEqual([8, 7, 6, 0]);
    expect(pointAt(ten, 6)).toEqual({ score: 6, falseAcceptRate: 0.3, falseRejectRate: 0.5 });
    expect(pointAtRate(ten, 0.19).score).toBe(8);
  });

  test("accepts as many of all strangers as of the scores that are stored of them", () => {
    const rng = createRng(3);
    const all = Float64Array.from(range(400_000), () => rng.normal());
    const stored = scoresToStore(all);
    expect(stored.length).toBe(20_000);
    for (const rate of [0.01, 0.001, 0.0001]) {
      const { score } = pointAtRate(asGiven([9], [...stored]), rate);
      const share = all.filter((one) => one > score).length / all.length;
      expect(Math.abs(share - rate)).toBeLessThan(1 / 20_000 + rate / 50); // a rank, and a half float's rounding
    }
    expect(scoresToStore(all.slice(0, 100))).toHaveLength(100);
  });

  test("accepts equal scores together or not at all", () => {
    const { falseAcceptRate } = pointAtRate(asGiven([5, 6], [1, 2, 2, 2]), 0.5);
    expect(falseAcceptRate).toBe(0);
  });

  test("refuses a rate rarer than was observed, and says what it takes", () => {
    expect(() => pointAtRate(ten, 0.05)).toThrow("needs at least 20 different pairs, got 10");
    expect(() => pointAtRate(ten, Number.NaN)).toThrow(InputError);
  });

  test("counts shares as a scan of all scores does", () => {
    const scores = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(scores, scores, fc.integer({ min: -6, max: 6 }), (same, different, at) => {
        const calibration = asGiven(same, different);
        const above = (list: number[]) => list.filter((score) => score > at).length / list.length;
        const { falseAcceptRate, falseRejectRate } = pointAt(calibration, at);
        expect(falseAcceptRate).toBe(above(different));
        expect(falseRejectRate).toBeCloseTo(1 - above(same), 12);
        const atLeast = (list: number[]) => list.filter((score) => score >= at).length / list.length;
        expect(sharesAtLeast(calibration, at)).toEqual({
          same: atLeast(same),
          different: atLeast(different),
        });
      }),
    );
  });
});

describe("the named points", () => {
  test("strict accepts 1 in 1,000; balanced errs least among those that accept at most 1 in 300", () => {
    const rng = createRng(1);
    const sample = (count: number, mean: number) => range(count).map(() => mean + rng.normal());
    const near = asGiven(sample(2_000, 2), sample(5_000, 0)); // errors are fewest where 16 % are accepted
    const { strict, balanced } = operatingPoints(near);
    expect(strict.falseAcceptRate).toBe(0.001);
    expect(balanced.falseAcceptRate).toBe(16 / 5_000);
    const far = asGiven(sample(2_000, 6), sample(5_000, 0)); // errors are fewest at 3, where 0.13 % are
    const point = operatingPoints(far).balanced;
    expect(point.falseAcceptRate).toBeLessThan(1 / 300);
    const errors = ({ falseAcceptRate, falseRejectRate }: typeof point) => falseAcceptRate + falseRejectRate;
    for (const score of [...far.scores.same, ...far.scores.different]) {
      const other = pointAt(far, score);
      if (other.falseAcceptRate <= 1 / 300 && score <= operatingPoints(far).strict.score) {
        expect(errors(point)).toBeLessThanOrEqual(errors(other) + 1e-12);
      }
    }
  });

  test("of few pairs accept no stranger that was seen, and balanced is never above strict", () => {
    const { strict, balanced } = operatingPoints(asGiven([3, 4, 9], range(8)));
    expect(strict).toMatchObject({ score: 7, falseAcceptRate: 0 });
    expect(balanced.score).toBeLessThanOrEqual(strict.score);
  });
});

describe("a point in a gallery", () => {
  test("asks more of each pair the more people there are: 1 - (1 - rate)^people", () => {
    const many = asGiven([1, 2], range(100_000));
    expect(pointInGallery(many, { people: 1, rate: 0.1 }).score).toBe(89_999);
    const { falseAcceptRate } = pointInGallery(many, { people: 20, rate: 0.1 });
    expect(1 - (1 - falseAcceptRate) ** 20).toBeCloseTo(0.1, 3);
  });

  test("is never where a person is less likely than not, and says what passes there", () => {
    const calibration = asGiven(
      [1, 2],
      range(1_000).map((i) => i - 900),
    );
    expect(pointInGallery(calibration, { people: 1, rate: 0.05 }).score).toBe(49);
    const { score, falseAcceptRate } = pointInGallery(calibration, { people: 1, rate: 0.3 });
    expect([score, falseAcceptRate]).toEqual([0, 0.099]);
  });

  test("follows the tail where pairs are too few to count, continuously: exact for an exponential one", () => {
    const n = 20_000;
    const tail = range(n).map((i) => -2 * Math.log((i + 0.5) / n)); // P(score > x) = exp(-x / 2)
    const calibration = asGiven([1, 2], tail);
    for (const people of [100, 1_000, 100_000, 10_000_000]) {
      const ofPair = -Math.expm1(Math.log1p(-0.05) / people);
      const { score } = pointInGallery(calibration, { people, rate: 0.05 });
      expect(Math.abs(score + 2 * Math.log(ofPair))).toBeLessThan(0.1 - 0.02 * Math.log(ofPair)); // 40 scores say the scale to 1 %
    }
    const scores = range(40).map((k) => pointInGallery(calibration, { people: 1 + k, rate: 0.05 }).score);
    for (const [k, score] of scores.entries()) {
      if (k > 0) expect(score - scores[k - 1]).toBeGreaterThanOrEqual(0);
    }
  });

  test("of a normal tail names fewer strangers than was asked, never more", () => {
    const rng = createRng(5);
    const calibration = calibrate(
      Float64Array.from(range(1_000), () => 3 + rng.normal()),
      Float64Array.from(range(20_000), () => rng.normal()),
    );
    const { score } = pointInGallery(calibration, { people: 100, rate: 0.01 }); // 1 pair in 10,000
    const fresh = range(1_000_000).map(() => calibration.slope * rng.normal() + calibration.offset);
    const passed = fresh.filter((value) => value > score).length / fresh.length;
    expect(passed).toBeLessThan(1.3e-4); // 1e-4, and three deviations of what 40 scores say
    expect(passed).toBeGreaterThan(2e-5);
  });
});
