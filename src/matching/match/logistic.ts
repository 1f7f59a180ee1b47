/** Logistic regression: from numbers that describe a pair to its log odds of being of one person. */

/** Pairs of one kind: what describes them, and what the curve should say of them. */
export interface Outcome {
  /** One list of numbers for each pair, all of one length. */
  readonly rows: readonly Float64Array[];
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
  const columns = outcomes[0].rows[0].length;
  const scale = standardiser(outcomes, columns);
  const known = outcomes.map((outcome) => ({ ...outcome, rows: outcome.rows.map(scale.row) }));
  let weights = new Float64Array(columns + 1); // the last is the offset
  let loss = lossAt(known, weights);
  for (let round = 0; round < 100; round++) {
    const step = newtonStep(known, weights);
    const moved = (size: number) => weights.map((weight, i) => weight - size * step[i]);
    let size = 1;
    while (size > 1e-10 && !(lossAt(known, moved(size)) <= loss)) size /= 2;
    weights = moved(size);
    loss = lossAt(known, weights);
    if (step.every((part) => Math.abs(size * part) < 1e-10)) break;
  }
  return scale.undo(weights);
}

/** Columns of mean 0 and deviation 1 over all outcomes, and the way back. */
function standardiser(outcomes: readonly Outcome[], columns: number) {
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0);
  const meanOf = (of: (row: Float64Array) => number) =>
    outcomes.reduce((sum, { rows, weight }) => {
      let part = 0;
      for (const row of rows) part += of(row);
      return sum + (weight * part) / rows.length / total;
    }, 0);
  const means = Float64Array.from({ length: columns }, (_, j) => meanOf((row) => row[j]));
  const deviations = means.map((mean, j) => Math.sqrt(meanOf((row) => (row[j] - mean) ** 2)) || 1);
  return {
    row: (row: Float64Array) => row.map((value, j) => (value - means[j]) / deviations[j]),
    undo(fitted: Float64Array): LinearLogit {
      const weights = fitted.subarray(0, columns).map((weight, j) => weight / deviations[j]);
      const offset = weights.reduce((sum, weight, j) => sum - weight * means[j], fitted[columns]);
      return { weights, offset };
    },
  };
}

const logit = (weights: Float64Array, row: Float64Array) => {
  let z = weights[row.length];
  for (let j = 0; j < row.length; j++) z += weights[j] * row[j];
  return z;
};

/** Mean cross-entropy of each outcome by its weight, added. */
function lossAt(outcomes: readonly Outcome[], weights: Float64Array): number {
  let loss = 0;
  for (const { rows, target, weight } of outcomes) {
    let sum = 0;
    for (const row of rows) {
      const z = logit(weights, row);
      sum += softplus(z) - target * z;
    }
    loss += (weight * sum) / rows.length;
  }
  return loss;
}

/** The inverse of the second derivatives times the first. */
function newtonStep(outcomes: readonly Outcome[], weights: Float64Array): Float64Array {
  const n = weights.length;
  const slope = new Float64Array(n);
  const bend = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_, j) => (i === j ? RIDGE : 0)),
  );
  for (const { rows, target, weight } of outcomes) {
    const share = weight / rows.length;
    for (const row of rows) {
      const p = probabilityOfLogit(logit(weights, row));
      const at = (j: number) => (j < row.length ? row[j] : 1);
      for (let i = 0; i < n; i++) {
        slope[i] += share * (p - target) * at(i);
        for (let j = 0; j <= i; j++) bend[i][j] += share * p * (1 - p) * at(i) * at(j);
      }
    }
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) bend[i][j] = bend[j][i];
  return solve(bend, slope);
}

/** x of A x = b by elimination; A is symmetric and positive definite, so that no pivot is sought. */
function solve(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const rows = a.map((row, i) => Float64Array.of(...row, b[i]));
  const n = b.length;
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

const softplus = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
