import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bestMargin, recentPairs, remember } from "./margin.ts";

interface Pair {
  readonly distance: number;
  readonly same: boolean;
}

function ringOf(pairs: readonly Pair[], capacity = Math.max(1, pairs.length)) {
  const ring = recentPairs(capacity);
  for (const { distance, same } of pairs) remember(ring, distance, same);
  return ring;
}

/** Pairs that a threshold gets wrong: one person beyond it, or two people within. */
const errorsAt = (pairs: readonly Pair[], threshold: number) =>
  pairs.filter(({ distance, same }) => same !== distance <= threshold).length;

// Few different distances, so that there are ties; float32, as the ring keeps them.
const somePairs = fc.array(fc.record({ distance: fc.integer({ min: 1, max: 12 }), same: fc.boolean() }), {
  minLength: 1,
  maxLength: 30,
});

describe("bestMargin", () => {
  test("makes the fewest errors of any threshold, and is the largest that does", () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const best = bestMargin(ringOf(pairs));
        const largest = Math.max(...pairs.map(({ distance }) => distance));
        const thresholds = Array.from({ length: 2 * largest + 1 }, (_, i) => i / 2); // on and between distances
        const fewest = Math.min(...thresholds.map((threshold) => errorsAt(pairs, threshold)));
        expect(errorsAt(pairs, best)).toBe(fewest);
        for (const threshold of thresholds) {
          // a larger one that does as well parts the same two neighbours
          if (errorsAt(pairs, threshold) === fewest && threshold > best) {
            expect(pairs.some(({ distance }) => distance > best && distance <= threshold)).toBe(false);
          }
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("lies halfway between the two distances that it parts", () => {
    const pairs = [
      { distance: 1, same: true },
      { distance: 3, same: true },
      { distance: 8, same: false },
    ];
    expect(bestMargin(ringOf(pairs))).toBe(5.5);
  });

  test("is the largest distance where all pairs are of one person, 0 where none is, and 0 of nothing", () => {
    const of = (same: boolean) => [2, 7, 4].map((distance) => ({ distance, same }));
    expect(bestMargin(ringOf(of(true)))).toBe(7);
    expect(bestMargin(ringOf(of(false)))).toBe(0);
    expect(bestMargin(recentPairs(5))).toBe(0);
  });

  test("does not part equal distances", () => {
    const tied = [true, false, true, false, true].map((same) => ({ distance: 4, same }));
    expect(bestMargin(ringOf(tied))).toBe(4);
    expect(bestMargin(ringOf(tied.map(({ same }) => ({ distance: 4, same: !same }))))).toBe(0);
  });

  test("looks at the last pairs only", () => {
    const old = Array.from({ length: 9 }, () => ({ distance: 100, same: true }));
    const recent = [
      { distance: 1, same: true },
      { distance: 2, same: false },
      { distance: 3, same: false },
    ];
    const ring = ringOf([...old, ...recent], 3);
    expect(ring.seen).toBe(12);
    expect(bestMargin(ring)).toBe(1.5);
  });
});
