/** Logistic regression: from numbers that describe a pair to its log odds of being of one person. */
import { type Matrix, matrix } from "../../math/linalg/index.ts";

/** Pairs of one kind: what describes them, and what the curve should say of them. */
export interface Outcome {
  /** A row of numbers for each pair [pairs, columns]. */
  readonly rows: Matrix;
  /** The probability to reach, in [0, 1]. */
  readonly target: number;
  /** What all of them weigh together. */
  readonly weight: number;
}

/** log odds = weights · row + offset. */
export interface LinearLogit {
  readonly weights: Float64Array;
  readonly offset: number;
}

/** Keeps Newton's step finite where columns hang together or outcomes do not overlap. */
const RIDGE = 1e-9;

/** Fits by Newton's method on the cross-entropy; steps are halved until it does not rise. */
export function fitLogistic(outcomes: readonly Outcome[]): LinearLogit {
  const { columns } = outcomes[0].rows;
  const scale = standardiser(outcomes, columns);
  const known = outcomes.map((outcome) => ({ ...outcome, rows: scale.apply(outcome.rows) }));
  const weights = new Float64Array(columns + 1); // the last is the offset
  return scale.undo(minimise(known, minimise(everySo(known, SPARSE), weights)));
}

/** Of many rows one in so many leads most of the way. */
const SPARSE = 16;

/** Every `step`th row of each outcome, from the middle of the step on; all of an outcome that is left with fewer than 100. */
function everySo(outcomes: readonly Outcome[], step: number): Outcome[] {
  return outcomes.map((outcome) => {
    const { rows, columns, values } = outcome.rows;
    const kept = Math.floor(rows / step);
    if (kept < 100) return outcome;
    const some = matrix(kept, columns);
    for (let row = 0; row < kept; row++) {
      const from = (row * step + (step >> 1)) * columns;
      some.values.set(values.subarray(from, from + columns), row * columns);
    }
    return { ...outcome, rows: some };
  });
}

/** Newton's method from `weights` on. */
function minimise(known: readonly Outcome[], begin: Float64Array): Float64Array {
  let weights = begin;
  let here = lossAt(known, weights);
  for (let round = 0; round < 100; round++) {
    const step = solve(here.bend, here.slope);
    const moved = (size: number) => weights.map((weight, i) => weight - size * step[i]);
    // What a whole step promises; where that is less than the loss is rounded by, the loss cannot judge the step any more.
    const gain = step.reduce((sum, part, i) => sum + part * here.slope[i], 0) / 2;
    if (gain <= 1e-14 * here.loss) return moved(1);
    let size = 1;
    let next = lossAt(known, moved(size));
    while (size > 1e-10 && !(next.loss <= here.loss)) {
      size /= 2;
      next = lossAt(known, moved(size));
    }
    weights = moved(size);
    here = next;
    if (step.every((part) => Math.abs(size * part) < 1e-10)) break;
  }
  return weights;
}

/** Columns of mean 0 and deviation 1 over all outcomes, and the way back. */
function standardiser(outcomes: readonly Outcome[], columns: number) {
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0);
  const meanOf = (column: number, of: (value: number) => number) =>
    outcomes.reduce((sum, { rows: { rows, values }, weight }) => {
      let part = 0;
      for (let at = column; at < values.length; at += columns) part += of(values[at]);
      return sum + (weight * part) / rows / total;
    }, 0);
  const means = Float64Array.from({ length: columns }, (_, j) => meanOf(j, (value) => value));
  const deviations = means.map((mean, j) => Math.sqrt(meanOf(j, (value) => (value - mean) ** 2)) || 1);
  return {
    apply({ rows, values }: Matrix): Matrix {
      const applied = matrix(rows, columns);
      for (let at = 0; at < values.length; at += columns) {
        for (let j = 0; j < columns; j++)
          applied.values[at + j] = (values[at + j] - means[j]) / deviations[j];
      }
      return applied;
    },
    undo(fitted: Float64Array): LinearLogit {
      const weights = fitted.subarray(0, columns).map((weight, j) => weight / deviations[j]);
      const offset = weights.reduce((sum, weight, j) => sum - weight * means[j], fitted[columns]);
      return { weights, offset };
    },
  };
}

/**
 * Mean cross-entropy of each outcome by its weight, added, and its first and second derivatives by the weights; of the
 * second ones the lower triangle.
 */
function lossAt(outcomes: readonly Outcome[], weights: Float64Array) {
  const n = weights.length;
  let loss = 0;
  const slope = new Float64Array(n);
  const bend = matrix(n, n);
  for (let i = 0; i < n; i++) bend.values[i * n + i] = RIDGE;
  const row = new Float64Array(n).fill(1); // the last stands for the offset
  for (const { rows, target, weight } of outcomes) {
    const share = weight / rows.rows;
    let sum = 0;
    for (let at = 0; at < rows.values.length; at += rows.columns) {
      for (let j = 0; j < rows.columns; j++) row[j] = rows.values[at + j];
      const z = logit(weights, row);
      const e = Math.exp(-Math.abs(z));
      const p = (z >= 0 ? 1 : e) / (1 + e);
      sum += Math.max(z, 0) + Math.log1p(e) - target * z;
      for (let i = 0; i < n; i++) {
        slope[i] += share * (p - target) * row[i];
        for (let j = 0; j <= i; j++) bend.values[i * n + j] += share * p * (1 - p) * row[i] * row[j];
      }
    }
    loss += (weight * sum) / rows.rows;
  }
  return { loss, slope, bend };
}

/** Log odds by `weights`, of numbers that end in 1 for the offset. */
function logit(weights: Float64Array, row: Float64Array): number {
  const last = weights.length - 1;
  let z = weights[last];
  for (let j = 0; j < last; j++) z += weights[j] * row[j];
  return z;
}

/** x of A x = b by elimination; A is symmetric, given by its lower triangle, and positive definite, so that no pivot is sought. */
function solve({ rows: n, values }: Matrix, b: Float64Array): Float64Array {
  const rows = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n + 1 }, (_, j) => (j === n ? b[i] : values[j <= i ? i * n + j : j * n + i])),
  );
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < n; r++) {
      if (r === i) continue;
      const factor = rows[r][i] / rows[i][i];
      for (let c = i; c <= n; c++) rows[r][c] -= factor * rows[i][c];
    }
  }
  return Float64Array.from(rows, (row, i) => row[n] / row[i]);
}

/** The logistic: 1 / (1 + e^-z), without overflow. */
export const probabilityOfLogit = (z: number): number =>
  z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
