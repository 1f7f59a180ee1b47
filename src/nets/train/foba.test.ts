import fc from "fast-check";
import { expect, test } from "vitest";
import { foba } from "./foba.ts";

/** Candidates cover sets of points; a selection scores what it covers, less a little for each candidate. */
const covering = (sets: readonly (readonly number[])[]) => (selection: readonly number[]) =>
  new Set(selection.flatMap((i) => sets[i])).size - 0.01 * selection.length;

test("adds the candidate that gains most, then what it lacks", () => {
  const { selection, steps } = foba(3, covering([[1], [1, 2, 3], [4, 5]]), { most: 2 });
  expect(selection).toEqual([1, 2]);
  expect(steps.map(({ change, candidate }) => [change, candidate])).toEqual([
    ["added", 1],
    ["added", 2],
  ]);
});

test("takes back a candidate that others have made superfluous, which forward steps alone would keep", () => {
  // Candidate 0 is best alone, but 1, 2 and 3 together cover all of it.
  const sets = [
    [1, 2, 3, 4, 5, 6],
    [1, 2, 7, 8, 9],
    [3, 4, 10, 11, 12],
    [5, 6, 13, 14, 15],
  ];
  const { selection, steps } = foba(4, covering(sets), { most: 4 });
  expect(steps[0].candidate).toBe(0);
  expect([...selection].sort()).toEqual([1, 2, 3]);
  expect(steps.at(-1)).toMatchObject({ change: "removed", candidate: 0 });
});

test("stops where nothing is gained", () => {
  expect(foba(5, covering([[1], [1], [1], [1], [1]]), { most: 5 }).selection).toHaveLength(1);
});

test("ends for any scores, within its limit, and its last step has the score of its selection", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.nat(), (n, most, seed) => {
      const score = (selection: readonly number[]) =>
        Math.sin(seed + [...selection].sort().reduce((hash, i) => hash * 7 + i + 1, 3));
      const { selection, steps } = foba(n, score, { most });
      expect(selection.length).toBeLessThanOrEqual(most);
      expect(new Set(selection).size).toBe(selection.length);
      expect(steps.at(-1)!.score).toBe(score(selection));
    }),
    { seed: 3, numRuns: 50 },
  );
});
