/** How far the faces of a set are from each other: the angle between their features, so that only the pattern counts. */
import type { Progress } from "../../base/progress/index.ts";
import { type Multiply, multiplyHere, type Rows } from "../../math/linalg/index.ts";
import type { FeatureSet } from "../features/index.ts";

/** Distances [n, n] between faces, row by row: of features scaled to length 1, from 0 to 2. */
export interface Distances {
  readonly rows: number;
  readonly values: Float32Array;
}

/** Rows of one product: 256 rows against all. */
const BLOCK = 256;

/** The features of each face scaled to length 1; a row of zeros stays. */
export function unitRows({ rows, dimension: columns, values }: FeatureSet): Rows {
  const unit = new Float64Array(values);
  for (let row = 0; row < rows; row++) {
    const one = unit.subarray(row * columns, (row + 1) * columns);
    const norm = Math.sqrt(one.reduce((sum, value) => sum + value * value, 0));
    if (norm > 0) for (let j = 0; j < columns; j++) one[j] /= norm;
  }
  return { rows, columns, values: unit };
}

/** Distances of rows of length 1: |a - b|² = 2 - 2·aᵀb. */
export async function distancesOf(
  unit: Rows,
  { multiply = multiplyHere, onProgress, signal }: Progress & { readonly multiply?: Multiply } = {},
): Promise<Distances> {
  const { rows: n, columns } = unit;
  const values = new Float32Array(n * n);
  for (let first = 0; first < n; first += BLOCK) {
    const rows = Math.min(BLOCK, n - first);
    const block = { rows, columns, values: unit.values.subarray(first * columns, (first + rows) * columns) };
    const { values: products } = await multiply(block, unit, { transposed: true });
    for (let k = 0; k < rows * n; k++) values[first * n + k] = Math.sqrt(Math.max(0, 2 - 2 * products[k]));
    for (let row = first; row < first + rows; row++) values[row * n + row] = 0;
    await new Promise((resolve) => setTimeout(resolve)); // lets Ctrl-C through
    signal?.throwIfAborted();
    onProgress?.(first + rows, n);
  }
  return { rows: n, values };
}

/** Distances of points [n, 2] of a plane. */
export function planeDistances(points: Float64Array): Distances {
  const n = points.length / 2;
  const values = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      values[i * n + j] = Math.hypot(points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1]);
    }
  }
  return { rows: n, values };
}

/** The others by distance from `row`, the nearest first; of equals the one that comes first. */
export function nearestOf({ rows, values }: Distances, row: number, count = rows - 1): number[] {
  const from = values.subarray(row * rows, (row + 1) * rows);
  const others = Array.from({ length: rows }, (_, other) => other).filter((other) => other !== row);
  return others.sort((a, b) => from[a] - from[b] || a - b).slice(0, count);
}
