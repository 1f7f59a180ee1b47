import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createFeatureSet } from "../features/index.ts";
import { cosine, euclidean, hamming, hammingDistance, type PairMetric, type RowPair } from "./index.ts";

const setOf = (rows: number[][]) =>
  createFeatureSet(Float32Array.from(rows.flat()), rows[0].length, {
    names: rows.map((_, i) => `picture ${i}`),
    identities: rows.map((_, i) => `person ${i}`),
  });
const row = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 5, maxLength: 5 });
const sets = fc.array(row, { minLength: 2, maxLength: 8 }).map(setOf);

describe.each([cosine, euclidean, hamming()].map((metric) => [metric.name, metric] as const))(
  "%s",
  (_, metric) => {
    test("does not depend on the order of the two faces", () => {
      fc.assert(
        fc.property(sets, (set) => {
          expect(metric.score(set, [[0, 1]])).toEqual(metric.score(set, [[1, 0]]));
        }),
        { seed: 1 },
      );
    });

    test("scores each pair on its own: permuted pairs give permuted scores", () => {
      fc.assert(
        fc.property(sets, fc.infiniteStream(fc.nat()), (set, numbers) => {
          const draw = () => numbers.next().value % set.rows;
          const pairs: RowPair[] = Array.from({ length: 6 }, () => [draw(), draw()]);
          expect([...metric.score(set, [...pairs].reverse())]).toEqual(
            [...metric.score(set, pairs)].reverse(),
          );
        }),
        { seed: 2 },
      );
    });

    test("finds no face more alike to a face than itself", () => {
      fc.assert(
        fc.property(sets, (set) => {
          const [self, other] = metric.score(set, [
            [0, 0],
            [0, 1],
          ]);
          expect(self).toBeGreaterThanOrEqual(other - 1e-12);
        }),
        { seed: 3 },
      );
    });

    test("refuses rows that are not there", () => {
      expect(() => metric.score(setOf([[1], [2]]), [[0, 2]])).toThrow("rows run from 0 to 1, got 0 and 2");
      expect(() => metric.score(setOf([[1], [2]]), [[-1, 0]])).toThrow(InputError);
    });
  },
);

const one = (metric: PairMetric, a: number[], b: number[]) => metric.score(setOf([a, b]), [[0, 1]])[0];

test("cosine and Euclidean of rows worked by hand", () => {
  expect(one(cosine, [3, 4], [4, 3])).toBeCloseTo(24 / 25, 12);
  expect(one(cosine, [0, 0], [4, 3])).toBe(0);
  expect(one(euclidean, [1, 1], [4, 5])).toBe(-5);
});

test("Hamming counts the neurons that fire in one face only", () => {
  expect(one(hamming(), [1, 0, 2, -1], [0, 0, 3, 4])).toBe(-2);
  expect(one(hamming(Float32Array.of(5, 0, 0, 5)), [1, 0, 2, -1], [0, 0, 3, 4])).toBe(-0);
});

test("hammingDistance is the number of ones in the exclusive or", () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 5 }), (words) => {
      const ones = words.map(([a, b]) => (a ^ b) >>> 0).map((w) => w.toString(2).replaceAll("0", "").length);
      const [a, b] = [0, 1].map((side) => Uint32Array.from(words, (pair) => pair[side]));
      expect(hammingDistance(a, b)).toBe(ones.reduce((sum, n) => sum + n, 0));
    }),
    { seed: 4 },
  );
  expect(() => hammingDistance(new Uint32Array(1), new Uint32Array(2))).toThrow("got 1 and 2 words");
});
