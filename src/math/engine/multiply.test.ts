import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { type Matrix, matrix, multiplyHere } from "../linalg/index.ts";
import { createMultiply } from "./index.ts";

const rng = createRng(1);
const random = (rows: number, columns: number): Matrix =>
  matrix(rows, columns, Float64Array.from({ length: rows * columns }, rng.normal));

describe("products by the engine", () => {
  test("are those of src/linalg, for many shapes, both ways round", async () => {
    await using engine = createMultiply({ threads: 1 });
    for (let size = 1; size <= 12; size++) {
      const [a, b, c] = [random(size, 7), random(7, 13 - size), random(5, 7)];
      for (const [other, options] of [
        [b, {}],
        [c, { transposed: true }],
      ] as const) {
        const product = await engine.multiply(a, other, options);
        const expected = multiplyHere(a, other, options);
        expect([product.rows, product.columns]).toEqual([expected.rows, expected.columns]);
        for (const [i, value] of expected.values.entries()) expect(product.values[i]).toBeCloseTo(value, 5); // float32
      }
    }
  });

  test("take float32 as it is, and go on after a release", async () => {
    const engine = createMultiply({ threads: 1 });
    const two = { rows: 1, columns: 2, values: Float32Array.of(2, 3) };
    const run = async () => [...(await engine.multiply(two, two, { transposed: true })).values];
    expect(await run()).toEqual([13]);
    await engine.release();
    expect(await run()).toEqual([13]);
    await engine.release();
  });

  test("refuse sides that do not fit", async () => {
    await using engine = createMultiply();
    await expect(engine.multiply(random(2, 3), random(2, 3))).rejects.toThrow("do not multiply");
  });
});
