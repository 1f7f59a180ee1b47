/**
 * Matrices of one signed byte a number and a scale for each row: an eighth of float64's size. A number moves by at most
 * half a scale, 1/254 of the largest of its row.
 */
import { type Matrix, matrix } from "../../math/linalg/index.ts";

/** Largest byte in use, so that a number and its negative are both held. */
const LARGEST = 127;

export interface ByteMatrix {
  /** [rows, columns] */
  readonly bytes: Int8Array;
  /** [rows] */
  readonly scales: Float32Array;
}

/** `a` with every number rounded to a byte times its row's scale: what a `ByteMatrix` holds without loss. */
export const roundToBytes = (a: Matrix): Matrix => fromBytes(toBytes(a), a);

/** The bytes of `a`, where they lose nothing. */
export function exactBytes(a: Matrix): ByteMatrix | undefined {
  const held = toBytes(a);
  const { values } = fromBytes(held, a);
  return values.every((value, i) => value === a.values[i]) ? held : undefined;
}

export function fromBytes(
  { bytes, scales }: ByteMatrix,
  { rows, columns }: Pick<Matrix, "rows" | "columns">,
): Matrix {
  const values = new Float64Array(rows * columns);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) values[i] = bytes[i] * scales[row];
  }
  return matrix(rows, columns, values);
}

/** `a` as bytes and scales, rounded. */
export function toBytes({ rows, columns, values }: Matrix): ByteMatrix {
  const bytes = new Int8Array(rows * columns);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    scales[row] = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / LARGEST;
    if (scales[row] > 0)
      bytes.set(
        own.map((value) => Math.round(value / scales[row])),
        row * columns,
      );
  }
  return { bytes, scales };
}
