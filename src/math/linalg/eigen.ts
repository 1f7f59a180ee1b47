/** Eigenvectors of symmetric matrices, plain and generalised. The decomposition itself is ml-matrix's. */
import { EigenvalueDecomposition, Matrix as LibraryMatrix } from "ml-matrix";
import { InputError } from "../../base/errors/index.ts";
import { cholesky, solveLower, solveLowerTransposed } from "./cholesky.ts";
import { type Matrix, matrix, mirrorUpper, transpose } from "./matrix.ts";

/** Eigenvalues from the largest down, with `vectors` [n, n] whose ROW k belongs to value k. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

/**
 * Solves a·v = λ·v for a symmetric `a` [n, n] (its upper triangle counts). The vectors are orthonormal; each has
 * its largest component positive, so that equal input gives equal output.
 */
export function symmetricEigen(a: Matrix): Eigen {
  const n = a.rows;
  if (!(n === a.columns))
    throw new InputError(`symmetricEigen: input must be square, got [${n}, ${a.columns}]`);
  if (!a.values.every(Number.isFinite)) {
    throw new InputError("symmetricEigen: the matrix holds values that are not finite");
  }
  const symmetric = mirrorUpper(matrix(n, n, a.values.slice()));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    LibraryMatrix.from1DArray(n, n, symmetric.values),
    { assumeSymmetric: true },
  );
  const order = [...realEigenvalues.keys()].sort((i, j) => realEigenvalues[j] - realEigenvalues[i]);
  const vectors = matrix(n, n);
  for (const [row, column] of order.entries()) {
    for (let i = 0; i < n; i++) vectors.values[row * n + i] = eigenvectorMatrix.get(i, column);
  }
  fixSigns(vectors);
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]), vectors };
}

/**
 * Solves a·v = λ·b·v for symmetric `a` and symmetric positive definite `b` [n, n]. Rows v of `vectors` satisfy
 * vᵀ·b·v = 1 and vᵀ·a·v = λ, and zero between different rows: both matrices are diagonal in their coordinates.
 */
export function generalisedEigen(a: Matrix, b: Matrix): Eigen {
  const lower = cholesky(b); // b = L·Lᵀ turns the problem into one of L⁻¹·a·L⁻ᵀ
  const half = solveLower(lower, a);
  const { values, vectors } = symmetricEigen(solveLower(lower, transpose(half)));
  const whole = transpose(solveLowerTransposed(lower, transpose(vectors)));
  fixSigns(whole);
  return { values, vectors: whole };
}

/** Turns every row so that its largest component (the first of equals) is positive. */
export function fixSigns({ rows, columns, values }: Matrix): void {
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns);
    let largest = 0;
    for (let j = 1; j < columns; j++) if (Math.abs(row[j]) > Math.abs(row[largest])) largest = j;
    if (row[largest] < 0) for (let j = 0; j < columns; j++) row[j] = -row[j];
  }
}
