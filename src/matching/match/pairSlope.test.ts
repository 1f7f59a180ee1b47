import { expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { matrix } from "../../math/linalg/index.ts";
import { createFeatureSet } from "../features/index.ts";
import { createMatcher, pairSlope } from "./index.ts";

const rng = createRng(11);
const normals = (length: number) => Float64Array.from({ length }, () => rng.normal());
const matcherOf = (blockSize: number) =>
  createMatcher({
    mean: normals(6).map((value) => value / 10),
    directions: matrix(3, 6, normals(18)),
    ratios: Float64Array.of(4, 2, 0.5),
    blockSize,
  });

test.each([0, 3, 6])("a score's slope is what moving a feature does, in blocks of %i", (blockSize) => {
  const matcher = matcherOf(blockSize);
  const other = normals(3);
  const features = Float32Array.from(normals(6));
  const { score, slope } = pairSlope(matcher, features, other);
  const scoreOf = (moved: Float32Array) => {
    const set = createFeatureSet(moved, 6, { names: ["a"], identities: ["a"] });
    return matcher.pair(matcher.project(set).values, other);
  };
  expect(score).toBeCloseTo(scoreOf(features), 9);
  for (let i = 0; i < 6; i++) {
    const by = 1e-2;
    const moved = (sign: number) => features.map((value, at) => value + (at === i ? sign * by : 0));
    const measured = (scoreOf(moved(1)) - scoreOf(moved(-1))) / (2 * by);
    expect(Math.abs(measured - slope[i])).toBeLessThan(2e-2 * Math.max(1, Math.abs(slope[i])));
  }
});

test("a block of zeros, and another face's coordinates of another matcher", () => {
  const matcher = matcherOf(3);
  const { slope } = pairSlope(matcher, Float32Array.of(0, 0, 0, 1, 2, 3), normals(3));
  expect(slope.every(Number.isFinite)).toBe(true);
  expect(() => pairSlope(matcher, new Float32Array(6), normals(2))).toThrow(
    "needs 3 coordinates of the other face, got 2",
  );
});
