import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { fitPca } from "../../math/linalg/index.ts";
import { createFeatureSet, type FeatureSet } from "../features/index.ts";
import { readFeatures } from "../files/index.ts";
import { mapFaces, peopleUpTo, sampleFaces, trustworthiness } from "./index.ts";
import { distancesOf, planeDistances, unitRows } from "./likeness.ts";

const DRAWN = fileURLToPath(
  new URL("../../../models/whole-face-taught/neurons.safetensors", import.meta.url),
);

/** People as sparse patterns, each face its person's with noise. */
function people({
  count,
  faces,
  dimension = 48,
  noise = 0.35,
  seed = 5,
}: Record<string, number> & { count: number; faces: number }): FeatureSet {
  const rng = createRng(seed);
  const values: number[] = [];
  const identities: string[] = [];
  for (let person = 0; person < count; person++) {
    const own = Array.from({ length: dimension }, () => Math.max(0, rng.normal()));
    for (let face = 0; face < faces; face++) {
      values.push(...own.map((value) => Math.max(0, value + noise * rng.normal())));
      identities.push(`person ${person}`);
    }
  }
  const names = identities.map((name, row) => `${name}, ${row}`);
  return createFeatureSet(Float32Array.from(values), dimension, { names, identities });
}
const set = people({ count: 12, faces: 8 });

/** Share of faces whose nearest on the map is of the same person. */
function samePerson({ identities }: FeatureSet, points: Float64Array): number {
  const { rows, values } = planeDistances(points);
  const right = identities.filter((identity, row) => {
    let best = row === 0 ? 1 : 0;
    for (let other = 0; other < rows; other++) {
      if (other !== row && values[row * rows + other] < values[row * rows + best]) best = other;
    }
    return identities[best] === identity;
  });
  return right.length / rows;
}

describe("a map of faces", () => {
  test("by principal components is the plane that power iteration finds, and shows the variance that it says", async () => {
    const { points, variance } = await mapFaces(set, { by: "pca" });
    const { rows: n, columns, values } = unitRows(set);
    const mean = Array.from({ length: columns }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += values[i * columns + j];
      return sum / n;
    });
    const centred = Array.from({ length: n }, (_, i) => mean.map((m, j) => values[i * columns + j] - m));
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, j) => sum + x * b[j], 0);
    const directions: number[][] = [];
    for (let k = 0; k < 2; k++) {
      let v = mean.map((_, j) => Math.sin(j + k + 1)); // any start
      for (let step = 0; step < 400; step++) {
        for (const other of directions) {
          const along = dot(v, other);
          v = v.map((x, j) => x - along * other[j]);
        }
        const next = v.map(() => 0);
        for (const row of centred) {
          const along = dot(row, v);
          for (let j = 0; j < columns; j++) next[j] += along * row[j];
        }
        const norm = Math.sqrt(dot(next, next));
        v = next.map((x) => x / norm);
      }
      directions.push(v);
    }
    const plane = centred.map((row) => directions.map((v) => dot(row, v)));
    const total = centred.reduce((sum, row) => sum + dot(row, row), 0);
    const left = centred.reduce((sum, row, i) => {
      const error = row.map((x, j) => x - plane[i][0] * directions[0][j] - plane[i][1] * directions[1][j]);
      return sum + dot(error, error);
    }, 0);
    expect(variance).toBeCloseTo(1 - left / total, 8);
    const twin = planeDistances(Float64Array.from(plane.flat())).values;
    const ours = planeDistances(points).values;
    const scale = twin[1] / ours[1]; // the map is drawn to its own scale, and may be mirrored
    for (const [k, distance] of ours.entries()) expect(distance * scale).toBeCloseTo(twin[k], 4);
  });

  test("of many faces of many numbers is found by iteration, and shows as much variance as the exact plane", async () => {
    const large = people({ count: 65, faces: 4, dimension: 260, noise: 0.1 });
    const { variance } = await mapFaces(large, { by: "pca" });
    const exact = await fitPca(unitRows(large), { components: 259, method: "exact" });
    const total = exact.variances.reduce((sum, value) => sum + value, 0);
    expect(variance! / ((exact.variances[0] + exact.variances[1]) / total)).toBeGreaterThan(0.97); // 64 directions vary alike
  });

  test("of people who were drawn, by UMAP, keeps neighbours far better than chance, and than principal components", async () => {
    const { set: drawn } = await readFeatures(DRAWN); // 16 people, 6 pictures each, by the released net
    const [umap, pca] = [await mapFaces(drawn, { by: "umap" }), await mapFaces(drawn, { by: "pca" })];
    const rng = createRng(9);
    const chance = Float64Array.from({ length: 2 * drawn.rows }, rng.uniform);
    const distances = await distancesOf(unitRows(drawn));
    const byChance = trustworthiness(distances, planeDistances(chance), umap.trust.neighbours);
    expect(byChance).toBeGreaterThan(0.4);
    expect(byChance).toBeLessThan(0.6);
    expect(umap.trust.value).toBeGreaterThan(0.9);
    expect(umap.trust.value).toBeGreaterThan(pca.trust.value);
    expect(pca.trust.value).toBeGreaterThan(byChance + 0.2);
    expect(samePerson(drawn, umap.points)).toBeGreaterThan(0.9);
    expect(samePerson(drawn, chance)).toBeLessThan(0.3);
    expect(Math.min(...umap.points)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...umap.points)).toBeLessThanOrEqual(1);
  });

  test("is the same for the same seed, and asks nobody else for random numbers", async () => {
    const elsewhere = vi.spyOn(Math, "random").mockImplementation(() => {
      throw new Error("Math.random was called");
    });
    const few = people({ count: 5, faces: 5 });
    const [a, b, c] = [await mapFaces(few), await mapFaces(few), await mapFaces(few, { seed: 2 })];
    expect(elsewhere).not.toHaveBeenCalled();
    elsewhere.mockRestore();
    expect(b).toEqual(a);
    expect(c.points).not.toEqual(a.points);
  });

  test("lists the neighbours by features, as sorting all distances does", async () => {
    const { neighbours } = await mapFaces(set, { by: "pca", neighbours: 5 });
    const angle = (a: number, b: number) => {
      const row = (k: number) => [...set.values.subarray(k * set.dimension, (k + 1) * set.dimension)];
      const [p, q] = [row(a), row(b)];
      const dot = (x: number[], y: number[]) => x.reduce((sum, value, k) => sum + value * y[k], 0);
      return dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q));
    };
    for (const face of [0, 17, 95]) {
      const others = set.names.map((_, row) => row).filter((row) => row !== face);
      others.sort((p, q) => angle(face, q) - angle(face, p));
      expect(neighbours[face]).toEqual(others.slice(0, 5));
    }
  });

  test("of too many faces shows whole people, drawn by the seed, and says how many there were", async () => {
    const map = await mapFaces(set, { by: "pca", most: 40 });
    expect([map.names.length, map.of]).toEqual([40, 96]);
    expect(new Set(map.identities).size).toBe(5);
    const { set: other } = sampleFaces(set, 40, createRng(2));
    expect(other.names).not.toEqual(map.names);
    expect(sampleFaces(set, 96, createRng(1)).set).toBe(set);
    expect(peopleUpTo(new Map([["Ann", 3]]), 2, createRng(1))).toEqual(new Map([["Ann", 2]]));
  });

  test("stops when it is told to, tells how far it is, and refuses what no map can be made of", async () => {
    const stages: string[] = [];
    const stop = new AbortController();
    const stage = (name: string) => (done: number, total: number) => {
      stages.push(`${name}: ${done} of ${total}`);
      if (name === "drawing the map" && done > 100) stop.abort(new Error("enough"));
    };
    await expect(mapFaces(set, { stage, signal: stop.signal })).rejects.toThrow("enough");
    expect(stages[0]).toBe("comparing faces: 96 of 96");
    await expect(mapFaces(people({ count: 1, faces: 3 }))).rejects.toThrow("at least 4 faces, got 3");
    await expect(mapFaces(set, { most: 9_999 })).rejects.toThrow("from 4 to 5000, got 9999");
    const alike = createFeatureSet(new Float32Array(40).fill(1), 8, {
      names: ["a", "b", "c", "d", "e"],
      identities: ["a", "b", "c", "d", "e"],
    });
    await expect(mapFaces(alike)).rejects.toThrow("the rows do not vary");
  });

  test("four faces are enough", async () => {
    for (const by of ["pca", "umap"] as const) {
      const map = await mapFaces(people({ count: 2, faces: 2 }), { by });
      expect(map.points.every(Number.isFinite)).toBe(true);
      expect(map.trust.neighbours).toBe(1);
    }
  });
});

describe("trustworthiness", () => {
  test("is 1 for the map of itself, and by its definition for a map with two faces changed over", async () => {
    const line = (xs: number[]) => planeDistances(Float64Array.from(xs.flatMap((x) => [x, 0])));
    const [a, b] = [line([0, 1, 3, 6, 10, 15]), line([15, 1, 3, 6, 10, 0])];
    expect(trustworthiness(a, a, 2)).toBe(1);
    // Face 0 lies at 15: its two nearest there are 4 and 3, places 4 and 3 by features, and so on for every face.
    const places = (rows: number[][]) => rows.flat().reduce((sum, place) => sum + Math.max(0, place - 2), 0);
    const out = places([
      [4, 3],
      [5, 2],
      [1, 3],
      [1, 2],
      [1, 5],
      [4, 3],
    ]);
    expect(trustworthiness(a, b, 2)).toBeCloseTo(1 - (2 * out) / (6 * 2 * (12 - 6 - 1)), 6);
    expect(() => trustworthiness(a, b, 3)).toThrow("k below half");
  });
});
