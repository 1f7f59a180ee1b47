import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import {
  covariance,
  fitPca,
  gram,
  type Multiply,
  matrix,
  meanRow,
  multiply,
  multiplyHere,
  type Pca,
  project,
  projectRows,
  type RowSource,
  type Rows,
  symmetricEigen,
  transpose,
} from "./index.ts";

/** Rows with standard deviations 1, 1/2, 1/3, ... along random orthogonal-ish directions, away from the origin. */
function samples(n: number, columns: number, seed: number): Rows {
  const rng = createRng(seed);
  const mix = matrix(columns, columns, Float64Array.from({ length: columns ** 2 }, rng.normal));
  const scaled = matrix(
    n,
    columns,
    Float64Array.from({ length: n * columns }, (_, i) => rng.normal() / (1 + (i % columns))),
  );
  const { values } = multiply(scaled, mix);
  return { rows: n, columns, values: Float32Array.from(values, (value, i) => value + (i % columns)) };
}

/** Largest difference between two sets of directions and variances. */
function difference(a: Pca, b: Pca): number {
  const worst = (p: Float64Array, q: Float64Array) =>
    Math.max(...p.map((value, i) => Math.abs(value - q[i])));
  return Math.max(
    worst(a.components.values, b.components.values),
    worst(a.variances, b.variances) / a.variances[0],
  );
}

/** The largest angle between a direction of one space and its nearest in the other, in radians: 0 for one space. */
function largestAngle(a: Pca, b: Pca): number {
  const cosines = gram(multiply(a.components, transpose(b.components))); // its eigenvalues are squared cosines
  return Math.acos(Math.sqrt(Math.min(1, symmetricEigen(cosines).values.at(-1)!)));
}

describe("moments", () => {
  test("mean and covariance of numbers worked by hand", () => {
    const rows = { rows: 3, columns: 2, values: Float32Array.of(1, 0, 2, 0, 3, 3) };
    expect(meanRow(rows)).toEqual(Float64Array.of(2, 1));
    expect(covariance(rows).values).toEqual(Float64Array.of(1, 1.5, 1.5, 3));
  });

  test("covariance over many blocks is that of the definition", () => {
    const rows = samples(700, 5, 1);
    const mean = meanRow(rows);
    const { values } = covariance(rows);
    for (const [p, q] of [
      [0, 0],
      [3, 1],
      [1, 3],
      [4, 4],
    ]) {
      let sum = 0;
      for (let i = 0; i < 700; i++)
        sum += (rows.values[i * 5 + p] - mean[p]) * (rows.values[i * 5 + q] - mean[q]);
      expect(values[p * 5 + q]).toBeCloseTo(sum / 699, 9);
    }
  });
});

describe("fitPca", () => {
  test("finds the line that points lie on", async () => {
    const values = Float32Array.of(1, 1, 4, 5, 7, 9); // (1, 1) + t·(3, 4), t = 0, 1, 2
    const pca = await fitPca({ rows: 3, columns: 2, values }, { components: 2 });
    expect([...pca.mean]).toEqual([4, 5]);
    expect(pca.components.rows).toBe(1); // the points vary in one direction only
    expect(pca.components.values[0]).toBeCloseTo(0.6, 12);
    expect(pca.components.values[1]).toBeCloseTo(0.8, 12);
    expect(pca.variances[0]).toBeCloseTo(25, 10); // steps of 5: variance 25
  });

  test("components are orthonormal, and coordinates have the variances and no correlation", async () => {
    const rows = samples(300, 20, 2);
    const pca = await fitPca(rows, { components: 6 });
    const unit = gram(pca.components).values;
    const between = covariance(project(pca, rows)).values;
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 6; j++) {
        expect(unit[i * 6 + j]).toBeCloseTo(i === j ? 1 : 0, 10);
        expect(between[i * 6 + j] / pca.variances[0]).toBeCloseTo(
          i === j ? pca.variances[i] / pca.variances[0] : 0,
          10,
        );
      }
    }
  });

  test("the randomised method and an injected product give the exact components", async () => {
    const rows = samples(400, 60, 3);
    const exact = await fitPca(rows, { components: 5 });
    const randomised = await fitPca(rows, { components: 5, method: "randomised", rng: createRng(1) });
    expect(difference(exact, randomised)).toBeLessThan(1e-4); // four passes leave about (λ₂₂ / λ₅)⁴ = 7e-6
    let calls = 0;
    const counted: Multiply = async (a, b, options) => {
      calls++;
      return multiplyHere(a, b, options);
    };
    expect(difference(exact, await fitPca(rows, { components: 5, multiply: counted }))).toBeLessThan(1e-10);
    expect(calls).toBeGreaterThan(0);
  });

  test("fewer rows than columns give the same components as the covariance would", async () => {
    const rows = samples(30, 40, 4);
    const wide = await fitPca(rows, { components: 8 });
    const randomised = await fitPca(rows, { components: 8, method: "randomised", rng: createRng(2) });
    expect(difference(wide, randomised)).toBeLessThan(1e-4);
    expect((await fitPca(rows, { components: 40 })).components.rows).toBe(29); // the mean takes one direction
  });

  test.each([
    ["more rows than columns", 300, 80],
    ["fewer rows than columns", 80, 300],
  ])("with %s, the randomised space is the exact one", async (_, n, columns) => {
    const rows = samples(n, columns, 6);
    const exact = await fitPca(rows, { components: 12, method: "exact" });
    const randomised = await fitPca(rows, { components: 12, method: "randomised", rng: createRng(3) });
    expect(largestAngle(exact, randomised)).toBeLessThan(1e-3);
    const kept = (pca: Pca) => pca.variances.reduce((sum, variance) => sum + variance, 0);
    expect(kept(randomised) / kept(exact)).toBeCloseTo(1, 6);
    expect(kept(randomised)).toBeLessThanOrEqual(kept(exact) * (1 + 1e-9));
    const unit = gram(randomised.components).values;
    for (const [i, value] of unit.entries()) expect(value).toBeCloseTo(i % 13 === 0 ? 1 : 0, 10);
  });

  test("where nothing stands out, the randomised components still keep nearly as much variance as any can", async () => {
    const rng = createRng(7);
    const flat = { rows: 200, columns: 400, values: Float32Array.from({ length: 80_000 }, rng.normal) };
    const kept = async (method: "exact" | "randomised") => {
      const { variances } = await fitPca(flat, { components: 40, method, rng: createRng(8) });
      return variances.reduce((sum, variance) => sum + variance, 0);
    };
    expect((await kept("randomised")) / (await kept("exact"))).toBeGreaterThan(0.98);
  });

  test("rows from a source, in whatever blocks, give what rows in memory do", async () => {
    const rows = samples(50, 70, 9);
    const reads: number[] = [];
    const source: RowSource = {
      rows: 50,
      columns: 70,
      async read(first, count) {
        reads.push(count);
        return rows.values.slice(first * 70, (first + count) * 70);
      },
    };
    for (const method of ["exact", "randomised"] as const) {
      const options = { components: 5, method, blockNumbers: 8 * 70 };
      const inMemory = await fitPca(rows, { ...options, rng: createRng(4) });
      expect(await fitPca(source, { ...options, rng: createRng(4) })).toEqual(inMemory);
      const whole = await fitPca(rows, { components: 5, method, rng: createRng(4) });
      expect(difference(whole, inMemory)).toBeLessThan(1e-5); // float32 blocks, summed in another order
      const across = await projectRows(inMemory, source, options);
      const expected = project(inMemory, rows).values;
      for (const [i, value] of across.values.entries()) expect(value).toBeCloseTo(expected[i], 4); // float32 blocks
    }
    expect(new Set(reads)).toEqual(new Set([8, 2, 50])); // the exact method reads all at once
    const short = { ...source, read: () => new Float32Array(3) };
    await expect(fitPca(short, { components: 1 })).rejects.toThrow("needs 3500 numbers, got 3");
  });

  test("the randomised method says how far it is and stops when it is told to", async () => {
    const rows = samples(20, 30, 10);
    const controller = new AbortController();
    const progress: [number, number][] = [];
    const options = { components: 2, method: "randomised", blockNumbers: 300 } as const;
    const onProgress = (done: number, total: number) => void progress.push([done, total]);
    await fitPca(rows, { ...options, rng: createRng(1), onProgress });
    expect(progress.slice(0, 2)).toEqual([
      [10, 180],
      [20, 180],
    ]);
    expect(progress.at(-1)).toEqual([180, 180]);
    controller.abort();
    const stopped = fitPca(rows, { ...options, rng: createRng(1), signal: controller.signal });
    await expect(stopped).rejects.toThrow("aborted");
  });

  test("what cannot be fitted is refused", async () => {
    const rows = { rows: 2, columns: 2, values: Float32Array.of(1, 2, 1, 2) };
    await expect(fitPca(rows, { components: 1 })).rejects.toThrow("do not vary");
    await expect(fitPca({ ...rows, rows: 1 }, { components: 1 })).rejects.toThrow("at least 2 rows");
    await expect(fitPca(rows, { components: Number.NaN })).rejects.toThrow("got NaN");
    await expect(
      fitPca({ ...rows, values: Float32Array.of(1, Number.NaN, 1, 2) }, { components: 1 }),
    ).rejects.toThrow(InputError);
    await expect(fitPca(samples(9, 3, 5), { components: 1, method: "randomised" })).rejects.toThrow(
      "needs an rng",
    );
    const pca = await fitPca(samples(9, 3, 5), { components: 2 });
    expect(() => project(pca, rows)).toThrow("rows have 2 columns, the components 3");
  });
});
