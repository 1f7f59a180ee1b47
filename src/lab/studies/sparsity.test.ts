import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { createFeatureSet, type FeatureSet } from "../../matching/features/index.ts";
import { sparsity, sparsityFinding, sparsitySweep } from "./index.ts";

const setOf = (rows: number[][]): FeatureSet =>
  createFeatureSet(Float32Array.from(rows.flat()), rows[0].length, {
    names: rows.map((_, i) => `picture ${i}`),
    identities: rows.map((_, i) => `person ${i >> 1}`),
  });

describe("sparsity", () => {
  test("counts what fires, by hand", () => {
    const result = sparsity(
      setOf([
        [1, 0, 2, -1],
        [3, 0, 0, 0.5],
      ]),
    );
    expect(result.ofNeurons.mean).toBe(0.5); // 2 of 4 and 2 of 4
    expect(result.ofNeurons.deviation).toBe(0);
    expect(result.ofPictures.mean).toBe(0.5); // 2, 0, 1 and 1 of 2
    expect(result.ofPictures.deviation).toBeCloseTo(Math.sqrt(1 / 8), 12);
    expect([result.silent, result.constant]).toEqual([1, 1]);
    expect(result.ofNeurons.histogram.counts[25]).toBe(2);
  });

  test("the two means are one number, and the order of neurons and pictures does not matter", () => {
    const rows = fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 6, maxLength: 6 }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(rows, (values) => {
        const { ofNeurons, ofPictures } = sparsity(setOf(values));
        expect(ofNeurons.mean).toBeCloseTo(ofPictures.mean, 12);
        const turned = sparsity(setOf(values.map((row) => [...row].reverse()).reverse()));
        expect(turned.ofPictures.deviation).toBeCloseTo(ofPictures.deviation, 12);
        expect(turned.ofNeurons.histogram).toEqual(ofNeurons.histogram);
      }),
      { seed: 1 },
    );
  });

  test("the claim holds near one half and not far from it", () => {
    expect(sparsityFinding(sparsity(setOf([[1, 0]]))).holds).toBe(true);
    expect(sparsityFinding(sparsity(setOf([[1, 1, 1, 0]]))).holds).toBe(false);
  });
});

test("codes forced away from one half verify worse, and the ring is the threshold zero", () => {
  const rng = createRng(3);
  const [people, neurons] = [80, 24];
  const means = Array.from({ length: people }, () => Array.from({ length: neurons }, () => rng.normal()));
  const set = setOf(means.flatMap((mean) => [0, 1].map(() => mean.map((m) => m + 0.8 * rng.normal()))));
  const pairs = Array.from({ length: people }, (_, p) => [
    { a: 2 * p, b: 2 * p + 1, same: true },
    { a: 2 * p, b: (2 * p + 3) % (2 * people), same: false },
  ]);
  const folds = [pairs.slice(0, people / 2).flat(), pairs.slice(people / 2).flat()];
  const [own, ...points] = sparsitySweep(set, folds);
  expect(own.aim).toBeNull();
  expect(own.active).toBeCloseTo(0.5, 1);
  for (const { aim, active } of points) expect(active).toBeCloseTo(aim!, 2);
  const at = (share: number) => points.find(({ aim }) => aim === share)!.accuracy;
  expect(at(0.5)).toBeGreaterThan(at(0.05) + 0.1);
  expect(at(0.5)).toBeGreaterThan(at(0.9) + 0.02);
});

test("neurons that end in a ReLU cannot be made to fire more often, and such aims are left out", () => {
  const rng = createRng(4);
  const set = setOf(
    Array.from({ length: 40 }, () => Array.from({ length: 8 }, () => Math.max(0, rng.normal() - 0.5))),
  );
  const pairs = Array.from({ length: 20 }, (_, p) => ({ a: 2 * p, b: 2 * p + 1, same: p % 2 === 0 }));
  const active = sparsitySweep(set, [pairs.slice(0, 10), pairs.slice(10)], [0.1, 0.7, 0.8, 0.9]).map(
    (p) => p.active,
  );
  expect(active).toHaveLength(2); // their own, and 0.1
});
