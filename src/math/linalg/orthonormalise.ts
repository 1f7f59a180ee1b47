/** Orthonormal rows that span the same space. */
import { type Matrix, matrix } from "./matrix.ts";

/** A row of which less than this share remains once the rows before it are taken out depends on them. */
const DEPENDENT = 1e-12;

/**
 * Gram-Schmidt on the rows of `a` [n, columns], each row twice, which makes them orthogonal to rounding error.
 * Rows that depend on earlier ones are left out: the result has [rank, columns].
 */
export function orthonormalise({ rows, columns, values }: Matrix): Matrix {
  const result = new Float64Array(rows * columns);
  let rank = 0;
  for (let i = 0; i < rows; i++) {
    const row = result.subarray(rank * columns, (rank + 1) * columns);
    row.set(values.subarray(i * columns, (i + 1) * columns));
    const before = length(row);
    for (let round = 0; round < 2; round++) {
      for (let k = 0; k < rank; k++) takeOut(row, result.subarray(k * columns, (k + 1) * columns));
    }
    const after = length(row);
    if (!(after > DEPENDENT * before)) continue; // the next row overwrites it
    for (let j = 0; j < columns; j++) row[j] /= after;
    rank++;
  }
  return matrix(rank, columns, result.slice(0, rank * columns));
}

/** Subtracts from `row` its part along the unit vector `direction`. */
function takeOut(row: Float64Array, direction: Float64Array): void {
  let along = 0;
  for (let j = 0; j < row.length; j++) along += row[j] * direction[j];
  for (let j = 0; j < row.length; j++) row[j] -= along * direction[j];
}

function length(row: Float64Array): number {
  let sum = 0;
  for (const value of row) sum += value * value;
  return Math.sqrt(sum);
}
