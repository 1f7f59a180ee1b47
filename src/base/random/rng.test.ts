import { expect, test } from "vitest";
import { createRng, shuffle } from "./index.ts";

test("the same seed gives the same sequence, another seed another", () => {
  const draw = (seed: number) => Array.from({ length: 5 }, createRng(seed).uniform);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("a saved state continues the sequence exactly", () => {
  const rng = createRng(7);
  rng.normal();
  const resumed = createRng(rng.state());
  expect([rng.uniform(), rng.normal()]).toEqual([resumed.uniform(), resumed.normal()]);
});

test("forks differ by name and do not advance their parent", () => {
  const rng = createRng(3);
  const state = rng.state();
  expect(rng.fork("a").uniform()).not.toBe(rng.fork("b").uniform());
  expect(rng.fork("a").uniform()).toBe(rng.fork("a").uniform());
  expect(rng.state()).toEqual(state);
});

test("uniform has mean 1/2 and normal has mean 0 and variance 1", () => {
  const rng = createRng(11);
  const n = 100_000;
  let [mean, normalMean, normalSquare] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    mean += rng.uniform() / n;
    const z = rng.normal();
    normalMean += z / n;
    normalSquare += (z * z) / n;
  }
  expect(mean).toBeCloseTo(0.5, 2); // standard error 0.0009
  expect(Math.abs(normalMean)).toBeLessThan(0.015); // standard error 0.003
  expect(Math.abs(normalSquare - 1)).toBeLessThan(0.03); // standard error 0.0045
});

test("shuffle keeps every item and leaves its argument alone", () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = shuffle(items, createRng(5));
  expect(shuffled).not.toEqual(items);
  expect([...shuffled].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a bad limit is refused with its value", () => {
  expect(() => createRng(1).integer(0)).toThrow("got 0");
});
