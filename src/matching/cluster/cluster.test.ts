import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { binarise, createFeatureSet } from "../features/index.ts";
import { likelihoodRatio } from "../match/index.ts";
import { clusterFaces, clusterQuality, groupsAbove, joinFaces } from "./index.ts";
import { nearestCodes } from "./neighbours.ts";

const K = 24;
const ratios = new Float64Array(K).fill(6);

/** Faces by the model itself: a person is drawn with variance 6 along each direction, a face around it with variance 1. */
function drawn(people: number, faces: number, seed = 1) {
  const rng = createRng(seed);
  const centres = Array.from({ length: people }, () =>
    Array.from({ length: K }, () => Math.sqrt(6) * rng.normal()),
  );
  const identities = Array.from({ length: people * faces }, (_, row) => String(row % people));
  const vectors = identities.map((person) =>
    Float64Array.from(centres[Number(person)], (value) => value + rng.normal()),
  );
  const names = identities.map((_, row) => String(row));
  const values = Float32Array.from(vectors.flatMap((vector) => [...vector]));
  const codes = binarise(createFeatureSet(values, K, { names, identities }));
  const { sets } = likelihoodRatio(ratios);
  const scorer = {
    sets: (a: readonly Float64Array[], b: readonly Float64Array[]) => {
      const score = sets(a, b);
      return { score, matcherScore: score };
    },
  };
  return { faces: { codes, vectors, scorer }, identities };
}

describe("clusterFaces", () => {
  test("finds the people of faces drawn by the model, also those seen once", async () => {
    const { faces, identities } = drawn(20, 5);
    const groups = await clusterFaces(faces, { threshold: 0 });
    expect(groups.flat().sort((a, b) => a - b)).toEqual([...identities.keys()]);
    const { pairwise, bcubed } = clusterQuality(groups, identities);
    expect(pairwise.f1).toBeGreaterThan(0.98);
    expect(bcubed.f1).toBeGreaterThan(0.98);
    expect((await clusterFaces(faces, { threshold: 1e9 })).length).toBe(100);
  });

  test("joins what all pairs would join, though only near codes are compared", async () => {
    const { faces } = drawn(30, 4, 3);
    const all = await clusterFaces(faces, { threshold: 0, neighbours: 119 });
    expect(await clusterFaces(faces, { threshold: 0, neighbours: 20 })).toEqual(all);
  });

  test("joins for a low threshold begin with those for a higher one", async () => {
    const { faces } = drawn(20, 5, 4);
    const joins = await joinFaces(faces, { threshold: -20 });
    for (const threshold of [-5, 0, 8, 30]) {
      expect(groupsAbove(100, joins, threshold)).toEqual(await clusterFaces(faces, { threshold }));
    }
  });

  test("keeps faces of one photo apart", async () => {
    const { faces } = drawn(3, 4, 2);
    const apart = Array.from({ length: 12 }, (_, row) => (row < 6 ? 0 : row));
    const groups = await clusterFaces(faces, { threshold: 0, apart });
    for (const group of groups) expect(group.filter((row) => row < 6).length).toBeLessThanOrEqual(1);
  });

  test("stops when it is told to", async () => {
    const { faces } = drawn(150, 2);
    const stopped = clusterFaces(faces, { signal: AbortSignal.abort(new Error("enough")) });
    await expect(stopped).rejects.toThrow("enough");
  });
});

test("the nearest codes are those that sorting finds", () => {
  const { faces } = drawn(10, 3);
  const { codes, words } = faces.codes;
  const distance = (a: number, b: number) => {
    let sum = 0;
    for (let w = 0; w < words; w++) {
      for (let bits = codes[a * words + w] ^ codes[b * words + w]; bits !== 0; bits &= bits - 1) sum++;
    }
    return sum;
  };
  for (const most of [1, 7, 29, 40]) {
    const sorted = [...Array(30).keys()]
      .filter((row) => row !== 4)
      .sort((a, b) => distance(4, a) - distance(4, b) || a - b);
    expect(nearestCodes(faces.codes, 4, most)).toEqual(sorted.slice(0, most).sort((a, b) => a - b));
  }
});

test("quality by hand: two groups of three, one face in the wrong one", () => {
  const { pairwise, bcubed } = clusterQuality(
    [
      [0, 1, 3],
      [2, 4, 5],
    ],
    ["a", "a", "a", "b", "b", "b"],
  );
  expect(pairwise).toEqual({ precision: 1 / 3, recall: 1 / 3, f1: 1 / 3 }); // 2 pairs right of 6, of 6
  expect(bcubed.precision).toBeCloseTo((4 * (2 / 3) + 2 * (1 / 3)) / 6, 12);
  expect(bcubed.recall).toBeCloseTo(bcubed.precision, 12);
});
