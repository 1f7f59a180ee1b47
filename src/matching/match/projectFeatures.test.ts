import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { bitsAsNumbers, createFeatureSet, type FeatureSet, selectColumns } from "../features/index.ts";
import { fitMatcher, jointBayesian, jointBayesianOn, type Matcher, projectFeatures } from "./index.ts";

const BLOCK = 6;

/** Features of two nets side by side, original and mirror each: four blocks. */
function features(people: number, seed: number): FeatureSet {
  const rng = createRng(seed);
  const rows = Array.from({ length: 3 * people }, (_, row) => row);
  const centres = rows.map(() => Array.from({ length: 4 * BLOCK }, rng.normal));
  const values = rows.flatMap((row) => centres[row % people].map((centre) => centre + rng.normal()));
  return createFeatureSet(Float32Array.from(values), 4 * BLOCK, {
    names: rows.map(String),
    identities: rows.map((row) => `p${row % people}`),
  });
}

const learn = async (set: FeatureSet, normalise = true): Promise<Matcher> =>
  (await fitMatcher(set, { components: 8, blockSize: BLOCK, normalise })).matcher;

function expectSame(a: ArrayLike<number>, b: ArrayLike<number>): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i], 4);
}

describe("coordinates of many faces at once", () => {
  const learned = features(60, 1);
  const set = features(20, 2);

  test("are those that the matcher gives of the same columns, and so are the scores", async () => {
    const second = await learn(selectColumns(learned, 2 * BLOCK, 2 * BLOCK));
    const own = selectColumns(set, 2 * BLOCK, 2 * BLOCK);
    const coordinates = await projectFeatures(second, { set, from: 2 * BLOCK });
    expectSame(coordinates.values, second.project(own).values);
    const pairs = set.names.map((_, row) => [row, (7 * row + 1) % set.rows] as const);
    expectSame(
      jointBayesianOn(second, coordinates).score(set, pairs),
      jointBayesian(second).score(own, pairs),
    );
  });

  test("of bits are those of the bits as numbers", async () => {
    const matcher = await learn(bitsAsNumbers(learned), false);
    const coordinates = await projectFeatures(matcher, { set, bits: true });
    expectSame(coordinates.values, matcher.project(bitsAsNumbers(set)).values);
  });

  test("need exactly as many columns as the matcher compares", async () => {
    const matcher = await learn(learned);
    await expect(projectFeatures(matcher, { set, from: BLOCK })).rejects.toThrow(
      "compares 24 columns, got 18 from column 6 on of 24",
    );
    const half = await learn(selectColumns(learned, 0, 2 * BLOCK));
    await expect(projectFeatures(half, { set })).rejects.toThrow("compares 12 columns, got 24");
    const coordinates = await projectFeatures(half, { set, columns: 2 * BLOCK });
    expect(coordinates.rows).toBe(set.rows);
    expect(() => jointBayesianOn(half, coordinates).prepare(learned)).toThrow("need as many coordinates");
  });
});
