/** Columns brought to comparable scale, as rows that are learned from teach it. */

import type { Rows } from "../../math/linalg/index.ts";
import type { FeatureSet } from "../features/index.ts";

/** What brings each column to mean 0 and deviation 1 over the rows that are learned from. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** The scaling of `rows` of a set; a column that does not vary among them gets scale 0. */
export function scalingOf({ dimension, values }: FeatureSet, rows: readonly number[]): Scaling {
  const sum = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  for (const row of rows) {
    for (let j = 0, at = row * dimension; j < dimension; j++, at++) {
      sum[j] += values[at];
      squares[j] += values[at] * values[at];
    }
  }
  const n = rows.length;
  const scale = squares.map((square, j) => {
    const variance = square / n - (sum[j] / n) ** 2;
    return variance > 1e-12 * (square / n) ? 1 / Math.sqrt(variance) : 0;
  });
  return { mean: sum.map((total) => total / n), scale };
}

/** Those `rows` of a set, scaled: [rows, dimension]. */
export function scaled(
  { dimension, values }: FeatureSet,
  rows: readonly number[],
  { mean, scale }: Scaling,
): Rows {
  const out = new Float32Array(rows.length * dimension);
  for (let i = 0, to = 0; i < rows.length; i++) {
    for (let j = 0, at = rows[i] * dimension; j < dimension; j++, at++, to++) {
      out[to] = (values[at] - mean[j]) * scale[j];
    }
  }
  return { rows: rows.length, columns: dimension, values: out };
}
