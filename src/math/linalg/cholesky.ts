/** Cholesky factors of positive definite matrices and what is solved with them. */
import { InputError } from "../../base/errors/index.ts";
import { type Matrix, matrix } from "./matrix.ts";

/**
 * The lower triangular L with L·Lᵀ = `a` [n, n], symmetric positive definite (only the lower triangle is read).
 * A matrix that is not, as far as float64 can tell, is an InputError.
 */
export function cholesky(a: Matrix): Matrix {
  const n = a.rows;
  if (!(n === a.columns)) throw new InputError(`cholesky: input must be square, got [${n}, ${a.columns}]`);
  const lower = matrix(n, n);
  const l = lower.values;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a.values[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (j < i) l[i * n + j] = sum / l[j * n + j];
      else if (sum > n * Number.EPSILON * a.values[i * n + i]) l[i * n + i] = Math.sqrt(sum);
      else throw new InputError(`cholesky: the matrix is not positive definite at row ${i} (pivot ${sum})`);
    }
  }
  return lower;
}

/** X with L·X = `b` [n, m], L lower triangular. */
export function solveLower(lower: Matrix, b: Matrix): Matrix {
  checkSides("solveLower", lower, b);
  const n = lower.rows;
  const m = b.columns;
  const x = b.values.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtractRow(x, i * m, k * m, lower.values[i * n + k], m);
    for (let j = 0; j < m; j++) x[i * m + j] /= lower.values[i * n + i];
  }
  return matrix(n, m, x);
}

/** X with Lᵀ·X = `b` [n, m], L lower triangular. */
export function solveLowerTransposed(lower: Matrix, b: Matrix): Matrix {
  checkSides("solveLowerTransposed", lower, b);
  const n = lower.rows;
  const m = b.columns;
  const x = b.values.slice();
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(x, i * m, k * m, lower.values[k * n + i], m);
    for (let j = 0; j < m; j++) x[i * m + j] /= lower.values[i * n + i];
  }
  return matrix(n, m, x);
}

/** X with `a`·X = `b`, a symmetric positive definite. */
export function solve(a: Matrix, b: Matrix): Matrix {
  const lower = cholesky(a);
  return solveLowerTransposed(lower, solveLower(lower, b));
}

/** log det of L·Lᵀ. */
export function logDeterminant(lower: Matrix): number {
  let sum = 0;
  for (let i = 0; i < lower.rows; i++) sum += 2 * Math.log(lower.values[i * lower.rows + i]);
  return sum;
}

/** x[to...] -= factor·x[from...], `length` values. */
function subtractRow(x: Float64Array, to: number, from: number, factor: number, length: number): void {
  for (let j = 0; j < length; j++) x[to + j] -= factor * x[from + j];
}

function checkSides(name: string, lower: Matrix, b: Matrix): void {
  if (lower.rows === lower.columns && lower.rows === b.rows) return;
  const sides = `[${lower.rows}, ${lower.columns}] and [${b.rows}, ${b.columns}]`;
  throw new InputError(`${name}: needs [n, n] and [n, m], got ${sides}`);
}
