/** Means and scatter of rows of numbers, in float64, a block of rows at a time so that memory stays small. */
import { InputError } from "../../base/errors/index.ts";
import {
  addProduct,
  type Matrix,
  type Multiply,
  matrix,
  mirrorUpper,
  type Rows,
  transpose,
} from "./matrix.ts";

/** Rows handled together: the transposed block of a few hundred columns stays in cache. */
const BLOCK_ROWS = 256;
/** Rows handed to an injected product at once: few calls, and a copy of some tens of megabytes at most. */
const MULTIPLY_ROWS = 2048;

/** The mean row. */
export function meanRow({ rows, columns, values }: Rows): Float64Array {
  if (!(rows >= 1)) throw new InputError("meanRow: needs at least one row, got none");
  const mean = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j] += values[at++];
  for (let j = 0; j < columns; j++) mean[j] /= rows;
  return mean;
}

/** Rows `first` to `first + count - 1` minus `mean`, in float64. */
export function centredRows(
  { columns, values }: Rows,
  mean: Float64Array,
  first: number,
  count: number,
): Matrix {
  const block = matrix(count, columns);
  for (let i = 0, at = first * columns, to = 0; i < count; i++) {
    for (let j = 0; j < columns; j++) block.values[to++] = values[at++] - mean[j];
  }
  return block;
}

/** The scatter matrix Σ (x - mean)(x - mean)ᵀ over all rows: [columns, columns]. */
export function scatter(rows: Rows, mean: Float64Array): Matrix {
  const sum = matrix(rows.columns, rows.columns);
  for (let first = 0; first < rows.rows; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows.rows - first);
    const panel = transpose(centredRows(rows, mean, first, count)); // [columns, count]
    addProduct(sum.values, panel, panel, true);
  }
  return mirrorUpper(sum);
}

/** `scatter` by an injected product. */
export async function scatterBy(multiply: Multiply, rows: Rows, mean: Float64Array): Promise<Matrix> {
  const sum = matrix(rows.columns, rows.columns);
  for (let first = 0; first < rows.rows; first += MULTIPLY_ROWS) {
    const block = centredRows(rows, mean, first, Math.min(MULTIPLY_ROWS, rows.rows - first));
    const { values } = await multiply(transpose(block), block);
    for (let i = 0; i < values.length; i++) sum.values[i] += values[i];
  }
  return mirrorUpper(sum); // a float32 product need not be symmetric to the last bit
}

/** The sample covariance of the rows (divisor rows - 1): [columns, columns]. */
export function covariance(rows: Rows, mean: Float64Array = meanRow(rows)): Matrix {
  if (!(rows.rows >= 2)) throw new InputError(`covariance: needs at least 2 rows, got ${rows.rows}`);
  const sum = scatter(rows, mean);
  return matrix(
    sum.rows,
    sum.columns,
    sum.values.map((value) => value / (rows.rows - 1)),
  );
}
