import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import {
  addScaled,
  diagonal,
  gram,
  type Matrix,
  matrix,
  multiply,
  multiplyTransposed,
  transpose,
} from "./index.ts";

const side = fc.integer({ min: 1, max: 11 });
const random = (rows: number, columns: number, seed: number) =>
  matrix(rows, columns, Float64Array.from({ length: rows * columns }, createRng(seed).normal));

/** The product by its definition, one sum per cell. */
function productByDefinition(a: Matrix, b: Matrix): Float64Array {
  return Float64Array.from({ length: a.rows * b.columns }, (_, at) => {
    const [i, j] = [Math.floor(at / b.columns), at % b.columns];
    let sum = 0;
    for (let k = 0; k < a.columns; k++) sum += a.values[i * a.columns + k] * b.values[k * b.columns + j];
    return sum;
  });
}

test("multiply is the product of its definition, whatever the sides", () => {
  fc.assert(
    fc.property(side, side, side, fc.integer(), (n, k, m, seed) => {
      const [a, b] = [random(n, k, seed), random(k, m, seed + 1)];
      expect(multiply(a, b)).toEqual(matrix(n, m, productByDefinition(a, b)));
    }),
    { seed: 1 },
  );
});

test("gram and multiplyTransposed agree with multiply", () => {
  fc.assert(
    fc.property(side, side, fc.integer(), (n, k, seed) => {
      const a = random(n, k, seed);
      expect(gram(a)).toEqual(multiply(a, transpose(a)));
      expect(multiplyTransposed(a, a)).toEqual(multiply(a, transpose(a)));
    }),
    { seed: 2 },
  );
});

test("diagonal times a matrix scales its rows, and addScaled adds", () => {
  const a = matrix(2, 2, Float64Array.of(1, 2, 3, 4));
  const scaled = multiply(diagonal([2, -1]), a);
  expect(scaled.values).toEqual(Float64Array.of(2, 4, -3, -4));
  expect(addScaled(a, scaled, 0.5).values).toEqual(Float64Array.of(2, 4, 1.5, 2));
});

test("sides that do not fit are refused with both of them", () => {
  const [a, b] = [matrix(2, 3), matrix(2, 3)];
  expect(() => multiply(a, b)).toThrow("[2, 3] times [2, 3]");
  expect(() => multiplyTransposed(a, matrix(3, 2))).toThrow(InputError);
  expect(() => addScaled(a, matrix(3, 2), 1)).toThrow(InputError);
  expect(() => matrix(2, 2, new Float64Array(3))).toThrow("needs 4 values, got 3");
});
