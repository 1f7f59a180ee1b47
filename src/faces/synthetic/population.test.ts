import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { alignFace } from "../face/index.ts";
import { createPopulation } from "./index.ts";

const small = { people: 12, picturesPerPerson: 4, size: 64 } as const;

test("the same seed gives the same bytes, another seed other bytes", () => {
  const bytes = (seed: number) => {
    const hash = createHash("sha256");
    for (const { image, landmarks } of createPopulation({ ...small, people: 3, seed })) {
      hash.update(image.pixels).update(JSON.stringify(landmarks));
    }
    return hash.digest("hex");
  };
  expect(bytes(1)).toBe(bytes(1));
  expect(bytes(1)).not.toBe(bytes(2));
});

test("a picture can be had alone, and is the one that comes in its turn", () => {
  const population = createPopulation(small);
  const all = [...population];
  expect(all).toHaveLength(48);
  expect(all[4 * 7 + 2]).toEqual(population.picture(7, 2));
  expect(all[4 * 7 + 2].person).toBe("person-0008");
});

test("what was rendered before does not show in a picture", () => {
  const population = createPopulation(small);
  const first = population.picture(0, 0);
  createPopulation({ ...small, size: 64 }).picture(5, 1);
  population.picture(6, 0);
  expect(population.picture(0, 0)).toEqual(first);
});

test("a larger population begins with the people and pictures of a smaller one", () => {
  const larger = createPopulation({ ...small, people: 40, picturesPerPerson: 9 });
  expect(larger.picture(11, 3)).toEqual(createPopulation(small).picture(11, 3));
});

test("aligned pictures of one person differ less than those of two people, and still differ much", () => {
  const faces = [...createPopulation({ people: 12, picturesPerPerson: 4, size: 96 })].map((picture) => ({
    identity: picture.identity,
    values: standardise(alignFace(picture.image, picture.landmarks).pixels),
  }));
  const distances: { same: boolean; distance: number }[] = [];
  for (const [i, a] of faces.entries()) {
    for (const b of faces.slice(0, i)) {
      distances.push({ same: a.identity === b.identity, distance: squaredDistance(a.values, b.values) });
    }
  }
  const mean = (same: boolean) => {
    const kept = distances.filter((pair) => pair.same === same).map((pair) => pair.distance);
    return kept.reduce((sum, distance) => sum + distance, 0) / kept.length;
  };
  expect(mean(true)).toBeLessThan(0.85 * mean(false)); // there is identity in the pictures,
  expect(mean(true)).toBeGreaterThan(0.35 * mean(false)); // and nuisance to see past
});

test("bad counts, indices and sizes are refused with their value", () => {
  expect(() => createPopulation({ people: 0, picturesPerPerson: 1 })).toThrow(
    "people must be a positive integer, got 0",
  );
  expect(() => createPopulation({ people: 1, picturesPerPerson: Number.NaN })).toThrow("got NaN");
  const population = createPopulation(small);
  expect(() => population.picture(12, 0)).toThrow("identity must be an integer from 0 to 11, got 12");
  expect(() => population.picture(0, 4)).toThrow("index must be an integer from 0 to 3, got 4");
  expect(() => createPopulation({ ...small, size: 8 }).picture(0, 0)).toThrow(
    "size must be an integer from 32",
  );
});

/** Mean 0 and length 1, so that exposure does not count. */
function standardise(pixels: Uint8Array): Float64Array {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  const values = Float64Array.from(pixels, (value) => value - mean);
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / length);
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + (value - b[k]) ** 2, 0);
}
