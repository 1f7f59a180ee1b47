import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import {
  cholesky,
  diagonal,
  generalisedEigen,
  gram,
  logDeterminant,
  type Matrix,
  matrix,
  multiply,
  multiplyTransposed,
  solve,
  symmetricEigen,
  transpose,
} from "./index.ts";

const random = (rows: number, columns: number, seed: number) =>
  matrix(rows, columns, Float64Array.from({ length: rows * columns }, createRng(seed).normal));
const positive = (n: number, seed: number) => gram(random(n, n + 3, seed));

function expectClose(a: Matrix, b: Matrix, tolerance: number) {
  expect([a.rows, a.columns]).toEqual([b.rows, b.columns]);
  for (const [i, value] of a.values.entries()) expect(Math.abs(value - b.values[i])).toBeLessThan(tolerance);
}

describe("cholesky", () => {
  test("of a matrix worked by hand", () => {
    expect(cholesky(matrix(2, 2, Float64Array.of(4, 2, 2, 10))).values).toEqual(Float64Array.of(2, 0, 1, 3));
    expect(logDeterminant(cholesky(diagonal([2, 3])))).toBeCloseTo(Math.log(6), 12);
  });

  test("its factor multiplies back and solves", () => {
    const a = positive(13, 1);
    const b = random(13, 4, 2);
    const lower = cholesky(a);
    expectClose(multiplyTransposed(lower, lower), a, 1e-12);
    expectClose(multiply(a, solve(a, b)), b, 1e-11);
  });

  test("an indefinite, singular or NaN matrix is refused", () => {
    expect(() => cholesky(diagonal([1, -1]))).toThrow("not positive definite at row 1");
    expect(() => cholesky(gram(random(4, 2, 3)))).toThrow(InputError);
    expect(() => cholesky(diagonal([Number.NaN]))).toThrow(InputError);
    expect(() => cholesky(matrix(2, 3))).toThrow("[2, 3]");
  });
});

describe("eigenvectors", () => {
  test("of a matrix worked by hand, largest first and of fixed sign", () => {
    const { values, vectors } = symmetricEigen(matrix(2, 2, Float64Array.of(1, -2, -2, 1)));
    expect([...values].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([3, -1]);
    expectClose(
      vectors,
      matrix(
        2,
        2,
        Float64Array.of(1, -1, 1, 1).map((v) => v * Math.SQRT1_2),
      ),
      1e-12,
    );
  });

  test("they are orthonormal and put the matrix together again", () => {
    const a = positive(17, 4);
    const { values, vectors } = symmetricEigen(a);
    expectClose(gram(vectors), diagonal(new Float64Array(17).fill(1)), 1e-12);
    expectClose(multiply(transpose(vectors), multiply(diagonal(values), vectors)), a, 1e-11);
  });

  test("generalised ones make both matrices diagonal", () => {
    const [a, b] = [positive(12, 5), positive(12, 6)];
    const { values, vectors } = generalisedEigen(a, b);
    expect([...values]).toEqual([...values].sort((p, q) => q - p));
    expectClose(
      multiplyTransposed(multiply(vectors, b), vectors),
      diagonal(new Float64Array(12).fill(1)),
      1e-10,
    );
    expectClose(multiplyTransposed(multiply(vectors, a), vectors), diagonal(values), 1e-8);
  });

  test("a matrix with NaN is refused", () => {
    expect(() => symmetricEigen(diagonal([1, Number.NaN]))).toThrow("not finite");
  });
});
