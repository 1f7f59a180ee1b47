import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createRng, shuffle } from "../../base/random/index.ts";
import { createFeatureSet } from "../features/index.ts";
import { cosine } from "../match/index.ts";
import {
  accuracyAt,
  areaUnder,
  bestThreshold,
  bestThresholdAccuracy,
  crossValidatedAccuracy,
  equalErrorRate,
  rocOverFolds,
  type ScoredPair,
  scoreFolds,
  truePositiveRateAt,
  verification,
} from "./index.ts";

/** Few different scores, so that ties are common. */
const pair = fc.record({ score: fc.integer({ min: 0, max: 12 }), same: fc.boolean() });
const pairs = fc.array(pair, { minLength: 1, maxLength: 30 });
const bothKinds = pairs.filter((list) => new Set(list.map((p) => p.same)).size === 2);
const foldsOf = (least: number) => fc.array(bothKinds, { minLength: least, maxLength: 5 });

/** `count` pairs per fold, half of them same; scores of same pairs are `shift` higher in the mean. */
function drawFolds(folds: number, count: number, shift: number, seed: number): ScoredPair[][] {
  const rng = createRng(seed);
  return Array.from({ length: folds }, () =>
    Array.from({ length: count }, (_, i) => ({
      score: rng.normal() + (2 * i < count ? shift : 0),
      same: 2 * i < count,
    })),
  );
}

describe("the best threshold", () => {
  test("is one that no other beats, and says how much it gets right", () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const { threshold, accuracy } = bestThreshold(list);
        expect(accuracyAt(list, threshold)).toBeCloseTo(accuracy, 12);
        for (let other = -1.5; other < 14; other += 0.5) {
          expect(accuracyAt(list, other)).toBeLessThanOrEqual(accuracy + 1e-12);
        }
      }),
      { seed: 1 },
    );
  });

  test("is the midpoint of its interval, the widest of equally good ones", () => {
    const at = (scores: [number, boolean][]) =>
      bestThreshold(scores.map(([score, same]) => ({ score, same }))).threshold;
    expect(
      at([
        [1, false],
        [3, true],
      ]),
    ).toBe(2);
    expect(
      at([
        [0, false],
        [1, true],
        [1, false],
        [5, true],
      ]),
    ).toBe(3); // 0.5 would be as good
    expect(
      at([
        [0, false],
        [4, true],
        [4, false],
        [5, true],
      ]),
    ).toBe(2);
    expect(
      at([
        [2, true],
        [4, true],
      ]),
    ).toBe(0); // accept all: a range of 2 below
    expect(
      at([
        [2, false],
        [4, false],
      ]),
    ).toBe(6);
  });

  test("tells neighbouring numbers apart where none lies between", () => {
    const low = 1 + Number.EPSILON;
    const high = 1 + 2 * Number.EPSILON;
    for (const [a, b] of [
      [low, high],
      [1, low],
    ]) {
      const list = [
        { score: a, same: false },
        { score: b, same: true },
      ];
      expect(accuracyAt(list, bestThreshold(list).threshold)).toBe(1);
    }
  });

  test("refuses scores without order and empty lists", () => {
    expect(() => bestThreshold([{ score: Number.NaN, same: true }])).toThrow("got NaN for pair 0");
    expect(() => bestThreshold([{ score: Number.POSITIVE_INFINITY, same: true }])).toThrow(InputError);
    expect(() => bestThreshold([])).toThrow("at least one pair");
  });

  test("is optimistic on the pairs it was chosen on; cross-validated it is not", () => {
    const trials = Array.from({ length: 60 }, (_, i) => drawFolds(1, 40, 0, i)[0]); // nothing to tell apart
    const mean = (accuracy: (list: ScoredPair[]) => number) =>
      trials.reduce((sum, list) => sum + accuracy(list) / trials.length, 0);
    expect(mean(bestThresholdAccuracy)).toBeGreaterThan(0.57);
    expect(mean((list) => crossValidatedAccuracy(list, { rng: createRng(1) }))).toBeLessThan(0.53);
  });
});

describe("the ROC", () => {
  test("passes through the rates of every threshold, averaged over folds", () => {
    fc.assert(
      fc.property(foldsOf(1), (folds) => {
        const { falsePositiveRate, truePositiveRate } = rocOverFolds(folds);
        const rate = (same: boolean, threshold: number) =>
          folds.reduce((sum, fold) => {
            const kind = fold.filter((p) => p.same === same);
            return sum + kind.filter((p) => p.score > threshold).length / kind.length / folds.length;
          }, 0);
        const points = falsePositiveRate.map((x, i) => `${x.toFixed(9)} ${truePositiveRate[i].toFixed(9)}`);
        for (let threshold = -0.5; threshold < 13; threshold++) {
          expect(points).toContain(
            `${rate(false, threshold).toFixed(9)} ${rate(true, threshold).toFixed(9)}`,
          );
        }
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  test("of one fold has for area the chance that a same pair scores higher, ties counting half", () => {
    fc.assert(
      fc.property(bothKinds, (list) => {
        const [same, different] = [true, false].map((kind) => list.filter((p) => p.same === kind));
        let wins = 0;
        for (const s of same)
          for (const d of different) wins += s.score > d.score ? 1 : s.score === d.score ? 0.5 : 0;
        expect(areaUnder(rocOverFolds([list]))).toBeCloseTo(wins / same.length / different.length, 10);
      }),
      { seed: 3 },
    );
  });

  test("has the equal error rate and true positive rates read off a hand-made curve", () => {
    const roc = { falsePositiveRate: [0, 0, 0.1, 0.3, 1], truePositiveRate: [0, 0.5, 0.8, 0.9, 1] };
    expect(equalErrorRate(roc)).toBeCloseTo(0.1 + 0.2 / 3, 12); // on the line (0.1, 0.8) to (0.3, 0.9) where x + y = 1
    expect([0, 0.05, 0.1, 0.2999, 1].map((rate) => truePositiveRateAt(roc, rate))).toEqual([
      0.5, 0.5, 0.8, 0.8, 1,
    ]);
  });

  test("of a known distribution has its equal error rate", () => {
    const roc = rocOverFolds(drawFolds(10, 2000, 2, 4)); // normals 2 apart: Φ(-1) = 0.1587
    expect(Math.abs(equalErrorRate(roc) - 0.1587)).toBeLessThan(0.01);
    expect(Math.abs(areaUnder(roc) - 0.9214)).toBeLessThan(0.006); // Φ(√2)
  });
});

describe("verification", () => {
  /** The protocol as it is worded, trying every threshold between two scores. */
  function byDefinition(folds: readonly (readonly ScoredPair[])[]) {
    const right = (list: readonly ScoredPair[], t: number) =>
      list.filter((p) => p.score > t === p.same).length;
    const accuracies = folds.map((fold, k) => {
      const others = folds.filter((_, i) => i !== k).flat();
      const scores = [...new Set(others.map((p) => p.score))].sort((a, b) => a - b);
      const range = scores[scores.length - 1] - scores[0] || 1;
      const candidates = [
        { t: scores[0] - range, width: 0 },
        ...scores.slice(1).map((score, i) => ({ t: (score + scores[i]) / 2, width: score - scores[i] })),
        { t: scores[scores.length - 1] + range, width: 0 },
      ];
      const most = Math.max(...candidates.map(({ t }) => right(others, t)));
      const best = candidates.filter(({ t }) => right(others, t) === most);
      const widest = Math.max(...best.map(({ width }) => width));
      return right(fold, best.find(({ width }) => width === widest)!.t) / fold.length;
    });
    const mean = accuracies.reduce((a, b) => a + b) / folds.length;
    const deviation = Math.sqrt(accuracies.reduce((a, b) => a + (b - mean) ** 2, 0) / (folds.length - 1));
    return { accuracies, mean, standardError: deviation / Math.sqrt(folds.length) };
  }

  test("is the protocol as it is worded", () => {
    fc.assert(
      fc.property(foldsOf(2), (folds) => {
        const [result, expected] = [verification(folds, "m"), byDefinition(folds)];
        expect(result.folds).toEqual(expected.accuracies);
        expect(result.accuracy.mean).toBeCloseTo(expected.mean, 12);
        expect(result.accuracy.standardError).toBeCloseTo(expected.standardError, 12);
      }),
      { seed: 5 },
    );
  });

  test("gives 100 % where a threshold separates all, whatever the scale of the scores", () => {
    const folds = drawFolds(10, 60, 0, 6).map((fold) =>
      fold.map((p) => ({ ...p, score: 1e-9 * p.score + (p.same ? 1 : 0) })),
    );
    const result = verification(folds, "m");
    expect(result.accuracy).toEqual({ mean: 1, standardError: 0 });
    expect([result.auc, result.equalErrorRate, result.truePositiveRateAt.map(({ rate }) => rate)]).toEqual([
      1,
      0,
      [1, 1, 1],
    ]);
  });

  test("gives chance where scores mean nothing: random ones, and good ones with shuffled labels", () => {
    const random = drawFolds(10, 600, 0, 7);
    const rng = createRng(8);
    const good = drawFolds(10, 600, 3, 9).map((fold) => {
      const labels = shuffle(
        fold.map((p) => p.same),
        rng,
      );
      return fold.map((p, i) => ({ ...p, same: labels[i] }));
    });
    for (const folds of [random, good]) {
      const { accuracy, auc } = verification(folds, "m");
      expect(Math.abs(accuracy.mean - 0.5)).toBeLessThan(0.02); // standard error 0.0065
      expect(Math.abs(auc - 0.5)).toBeLessThan(0.03);
      expect(accuracy.standardError).toBeLessThan(0.015);
    }
    expect(verification(drawFolds(10, 600, 3, 9), "m").accuracy.mean).toBeGreaterThan(0.92); // Φ(1.5) = 0.933
  });

  test("of random features is chance", () => {
    const rng = createRng(10);
    const rows = 1200;
    const set = createFeatureSet(Float32Array.from({ length: rows * 16 }, rng.normal), 16, {
      names: Array.from({ length: rows }, (_, i) => `${i}`),
      identities: Array.from({ length: rows }, (_, i) => `${i}`),
    });
    const folds = Array.from({ length: 10 }, () =>
      Array.from({ length: 600 }, (_, i) => ({ a: rng.integer(rows), b: rng.integer(rows), same: i < 300 })),
    );
    const { accuracy, pairs: count } = verification(scoreFolds(cosine, set, folds), cosine.name);
    expect(count).toBe(6000);
    expect(Math.abs(accuracy.mean - 0.5)).toBeLessThan(0.02);
  });

  test("scores fold by fold the pairs that it was given", () => {
    const set = createFeatureSet(Float32Array.of(1, 0, 0, 1, 2, 0), 2, {
      names: ["a", "b", "c"],
      identities: ["x", "y", "x"],
    });
    expect(scoreFolds(cosine, set, [[{ a: 0, b: 2, same: true }], [{ a: 0, b: 1, same: false }]])).toEqual([
      [{ score: 1, same: true }],
      [{ score: 0, same: false }],
    ]);
  });

  test("is plain data with a curve of few points that keeps the area", () => {
    const folds = drawFolds(10, 600, 1.5, 11);
    const result = verification(folds, "cosine");
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(result.roc.falsePositiveRate.length).toBeLessThan(500);
    expect(Math.abs(areaUnder(result.roc) - result.auc)).toBeLessThan(1e-3);
    const ends = [result.roc.falsePositiveRate, result.roc.truePositiveRate].map((rates) => [
      rates[0],
      rates.at(-1),
    ]);
    expect(ends).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  test("refuses NaN, a single fold, and folds of one kind", () => {
    const folds = drawFolds(2, 4, 1, 12);
    const broken = [folds[0], [...folds[1], { score: Number.NaN, same: true }]];
    expect(() => verification(broken, "m")).toThrow("fold 1: scores must be finite, got NaN for pair 4");
    expect(() => verification(folds.slice(1), "m")).toThrow("at least 2 folds, got 1");
    expect(() => verification([folds[0], folds[1].slice(0, 2)], "m")).toThrow(
      "fold 1 needs pairs of one person and of two",
    );
  });
});
