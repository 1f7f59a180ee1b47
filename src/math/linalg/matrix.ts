/** Dense matrices of float64 and their products: plain loops over typed arrays, no library, no copies. */
import { InputError } from "../../base/errors/index.ts";

/** Numbers in rows [rows, columns], row-major, float32 or float64: how samples arrive. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array | Float64Array;
}

/** A matrix of float64 [rows, columns], row-major. */
export interface Matrix extends Rows {
  readonly values: Float64Array;
}

/**
 * Computes a·b, or a·bᵀ where `transposed`. Long products take one as an argument, so that a faster implementation
 * (`createMultiply` of src/math/engine) can stand in for the loops here.
 */
export type Multiply = (
  a: Rows,
  b: Rows,
  options?: { readonly transposed?: boolean },
) => Rows | Promise<Rows>;

/** The product of this folder, in float64. */
export const multiplyHere = ((a, b, { transposed = false } = {}) =>
  (transposed ? multiplyTransposed : multiply)(widen(a), widen(b))) satisfies Multiply;

/** The same numbers in float64; not copied if they are. */
export function widen({ rows, columns, values }: Rows): Matrix {
  return { rows, columns, values: values instanceof Float64Array ? values : new Float64Array(values) };
}

/** A matrix over `values`, which are not copied (default: zeros). */
export function matrix(
  rows: number,
  columns: number,
  values: Float64Array = new Float64Array(rows * columns),
): Matrix {
  if (!(values.length === rows * columns)) {
    throw new InputError(
      `matrix: [${rows}, ${columns}] needs ${rows * columns} values, got ${values.length}`,
    );
  }
  return { rows, columns, values };
}

/** The square matrix with `values` on its diagonal and zeros elsewhere. */
export function diagonal(values: ArrayLike<number>): Matrix {
  const result = matrix(values.length, values.length);
  for (let i = 0; i < values.length; i++) result.values[i * values.length + i] = values[i];
  return result;
}

/** a + factor·b. */
export function addScaled(a: Matrix, b: Matrix, factor: number): Matrix {
  if (!(a.rows === b.rows && a.columns === b.columns)) {
    throw new InputError(`addScaled: [${a.rows}, ${a.columns}] and [${b.rows}, ${b.columns}] differ`);
  }
  return matrix(
    a.rows,
    a.columns,
    a.values.map((value, i) => value + factor * b.values[i]),
  );
}

/** The first `count` columns of `a`, copied. */
export function firstColumns({ rows, columns, values }: Matrix, count: number): Matrix {
  const first = matrix(rows, count);
  for (let row = 0; row < rows; row++) {
    first.values.set(values.subarray(row * columns, row * columns + count), row * count);
  }
  return first;
}

export function transpose({ rows, columns, values }: Matrix): Matrix {
  const result = matrix(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result.values[j * rows + i] = values[i * columns + j];
  }
  return result;
}

/** a·b: [n, k] times [k, m] gives [n, m]. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (!(a.columns === b.rows)) {
    throw new InputError(`multiply: [${a.rows}, ${a.columns}] times [${b.rows}, ${b.columns}] does not fit`);
  }
  return multiplyTransposed(a, transpose(b));
}

/** a·bᵀ: [n, k] and [m, k] give [n, m]. The cheapest product here: both operands are read along their rows. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  if (!(a.columns === b.columns)) {
    throw new InputError(
      `multiplyTransposed: [${a.rows}, ${a.columns}] and [${b.rows}, ${b.columns}] have rows of different length`,
    );
  }
  const result = matrix(a.rows, b.rows);
  addProduct(result.values, a, b, false);
  return result;
}

/** a·aᵀ, symmetric, for half the work. */
export function gram(a: Matrix): Matrix {
  const result = matrix(a.rows, a.rows);
  addProduct(result.values, a, a, true);
  return mirrorUpper(result);
}

/** Copies the upper triangle of a square matrix onto its lower one, in place, and returns the matrix. */
export function mirrorUpper(square: Matrix): Matrix {
  const { rows: n, values } = square;
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) values[i * n + j] = values[j * n + i];
  return square;
}

/**
 * sum [n, m] += a·bᵀ for a [n, k] and b [m, k]; with `upper`, only tiles that touch the upper triangle.
 *
 * Tiles of 4 x 2 sums stay in registers over the whole of k: 8 multiply-adds for 6 loads. At an edge the last row
 * is read again in place of the missing ones and its sums are dropped.
 */
export function addProduct(sum: Float64Array, a: Matrix, b: Matrix, upper: boolean): void {
  const { rows: n, columns: k, values: x } = a;
  const { rows: m, values: y } = b;
  for (let i = 0; i < n; i += 4) {
    const a0 = i * k;
    const a1 = Math.min(i + 1, n - 1) * k;
    const a2 = Math.min(i + 2, n - 1) * k;
    const a3 = Math.min(i + 3, n - 1) * k;
    for (let j = upper ? i : 0; j < m; j += 2) {
      const b0 = j * k;
      const b1 = Math.min(j + 1, m - 1) * k;
      let [s00, s01, s10, s11, s20, s21, s30, s31] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let t = 0; t < k; t++) {
        const p0 = x[a0 + t];
        const p1 = x[a1 + t];
        const p2 = x[a2 + t];
        const p3 = x[a3 + t];
        const q0 = y[b0 + t];
        const q1 = y[b1 + t];
        s00 += p0 * q0;
        s01 += p0 * q1;
        s10 += p1 * q0;
        s11 += p1 * q1;
        s20 += p2 * q0;
        s21 += p2 * q1;
        s30 += p3 * q0;
        s31 += p3 * q1;
      }
      const two = j + 1 < m;
      const at = i * m + j;
      addPair(sum, at, s00, s01, two);
      if (i + 1 < n) addPair(sum, at + m, s10, s11, two);
      if (i + 2 < n) addPair(sum, at + 2 * m, s20, s21, two);
      if (i + 3 < n) addPair(sum, at + 3 * m, s30, s31, two);
    }
  }
}

function addPair(sum: Float64Array, at: number, first: number, second: number, two: boolean): void {
  sum[at] += first;
  if (two) sum[at + 1] += second;
}

/** basis·s·basisᵀ for a symmetric `s`: [n, k] and [k, k] give [n, n], symmetric to the last bit. */
export function congruence(basis: Matrix, s: Matrix): Matrix {
  return mirrorUpper(multiplyTransposed(multiplyTransposed(basis, s), basis));
}
