import { expect, test } from "vitest";
import { groupByScore } from "./grouping.ts";

const scoresOf = (points: readonly number[]) => (a: number, b: number) => 3 - Math.abs(points[a] - points[b]);

test("faces that score high together are one group, the largest first", () => {
  expect(groupByScore(6, 0, scoresOf([0, 10, 1, 10.5, 30, 0.5]))).toEqual([[0, 5, 2], [1, 3], [4]]);
});

test("groups are joined by the mean of their pairs, not by the one pair that is nearest", () => {
  // A chain: each link scores above the threshold, both ends far below.
  const chain = [0, 2, 4, 6, 8, 10];
  const groups = groupByScore(chain.length, 0, scoresOf(chain));
  expect(groups.length).toBeGreaterThan(1);
  for (const group of groups) {
    const spread = Math.max(...group) - Math.min(...group);
    expect(spread).toBeLessThan(3);
  }
});

test("nobody is grouped where nothing is alike, and no faces make no groups", () => {
  expect(groupByScore(3, 0, () => -1)).toEqual([[0], [1], [2]]);
  expect(groupByScore(0, 0, () => 1)).toEqual([]);
});
