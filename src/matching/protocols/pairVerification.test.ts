import { expect, test } from "vitest";
import { foldsOf } from "./pairVerification.ts";

const pairs = (same: number, different: number) =>
  Array.from({ length: same + different }, (_, i) => ({ a: i, b: i + 1, same: i < same }));

test("the folds of a file stay as they are", () => {
  const folds = [pairs(2, 2), pairs(3, 3)];
  expect(foldsOf(folds)).toEqual({ folds, dealt: false });
});

test("one fold is dealt to ten: every pair once, as many of each kind to each, always alike", () => {
  const one = pairs(50, 50);
  const { folds, dealt } = foldsOf([one]);
  expect(dealt).toBe(true);
  expect(folds.map((fold) => fold.filter(({ same }) => same).length)).toEqual(Array(10).fill(5));
  expect(folds.map((fold) => fold.filter(({ same }) => !same).length)).toEqual(Array(10).fill(5));
  expect(folds.flat().sort((p, q) => p.a - q.a)).toEqual(one);
  expect(foldsOf([one])).toEqual({ folds, dealt });
  expect(folds[0].map(({ a }) => a)).not.toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
});

test("fewer pairs than ten of a kind make fewer folds", () => {
  expect(foldsOf([pairs(4, 20)]).folds).toHaveLength(4);
});
