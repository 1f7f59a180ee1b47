/**
 * A linear support vector machine by dual coordinate descent: Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual
 * coordinate descent method for large-scale linear SVM", ICML 2008, Algorithm 1 with hinge loss, the method of
 * LIBLINEAR, with its shrinking: rows that rest at a bound are passed over until the others stand still. Own code, because what npm offers wraps LIBSVM, whose kernel matrix makes a fit on half of LFW take most
 * of a minute where this takes one second. The duality gap, which is returned, bounds how far a fit is from the best.
 */
import { InputError } from "../errors/index.ts";
import type { Rows } from "../linalg/index.ts";
import { type Rng, shuffle } from "../random/index.ts";

export interface SvmOptions {
  /** Weight of the losses; each class gets half of rows · cost, so that both weigh the same. */
  readonly cost: number;
  /** Stops when the duality gap falls below this share of the primal objective. */
  readonly tolerance?: number;
  /** Most visits of rows, in passes over all of them. */
  readonly passes?: number;
  /** Of the order in which rows are visited. */
  readonly rng: Rng;
}

export const SVM_DEFAULTS = { tolerance: 0.01, passes: 200 } as const;

export interface LinearSvm {
  /** [columns] */
  readonly weights: Float64Array;
  readonly bias: number;
  /** Upper bound on how far the objective lies above its minimum, as a share of it. */
  readonly gap: number;
  readonly passes: number;
}

/**
 * Minimises ½‖(w, b)‖² + Σ cᵢ·max(0, 1 - yᵢ(w·xᵢ + b)) over rows [n, columns] with labels [n] of 1 and -1. The bias
 * is the weight of a further column of ones. Rows are best brought to comparable scale beforehand.
 */
export function fitLinearSvm(rows: Rows, labels: Int8Array, options: SvmOptions): LinearSvm {
  const { cost, tolerance, passes, rng } = { ...SVM_DEFAULTS, ...options };
  const { rows: n, columns: d, values } = rows;
  const costs = costsOf(labels, n, cost);
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    squares[i] = 1; // the column of ones
    for (let k = 0; k < d; k++) squares[i] += values[i * d + k] ** 2;
  }
  const weights = new Float64Array(d);
  const alpha = new Float64Array(n);
  let bias = 0;
  const marginOf = (i: number) => {
    let sum = bias;
    for (let k = 0, at = i * d; k < d; k++, at++) sum += weights[k] * values[at];
    return labels[i] * sum;
  };
  const all = Array.from({ length: n }, (_, i) => i);
  let active = all;
  let limits = NO_LIMITS; // slopes beyond which a row at its bound is left alone, as the last pass had them
  for (let visits = 0, checked = 0; ; ) {
    const left: number[] = [];
    const seen = { lowest: Infinity, highest: -Infinity };
    for (const i of shuffle(active, rng)) {
      const slope = marginOf(i) - 1;
      if ((alpha[i] === 0 && slope > limits.above) || (alpha[i] === costs[i] && slope < limits.below))
        continue;
      left.push(i);
      const projected =
        alpha[i] === 0 ? Math.min(slope, 0) : alpha[i] === costs[i] ? Math.max(slope, 0) : slope;
      seen.lowest = Math.min(seen.lowest, projected);
      seen.highest = Math.max(seen.highest, projected);
      const step = Math.min(Math.max(alpha[i] - slope / squares[i], 0), costs[i]) - alpha[i];
      if (step === 0) continue;
      alpha[i] += step;
      const change = step * labels[i];
      for (let k = 0, at = i * d; k < d; k++, at++) weights[k] += change * values[at];
      bias += change;
    }
    visits += active.length;
    const still = left.length === 0 || seen.highest - seen.lowest < STILL;
    if (visits - checked >= CHECK_AFTER * n || still) {
      const gap = relativeGap({ weights, bias, alpha, costs, marginOf });
      if (gap <= tolerance || visits >= passes * n)
        return { weights, bias, gap, passes: Math.ceil(visits / n) };
      checked = visits;
    }
    active = still ? all : left;
    limits = still
      ? NO_LIMITS
      : {
          above: seen.highest > 0 ? seen.highest : Infinity,
          below: seen.lowest < 0 ? seen.lowest : -Infinity,
        };
  }
}

const NO_LIMITS = { above: Infinity, below: -Infinity };
/** Visits of rows, in rows, between two looks at the duality gap, which costs as much as a pass over all. */
const CHECK_AFTER = 3;
/** Slopes of the active rows so near each other: what was left out is looked at again. */
const STILL = 1e-3;

function costsOf(labels: Int8Array, n: number, cost: number): Float64Array {
  if (!(cost > 0 && Number.isFinite(cost))) {
    throw new InputError(`fitLinearSvm: cost must be above 0, got ${cost}`);
  }
  if (!(labels.length === n && labels.every((label) => label === 1 || label === -1))) {
    throw new InputError(`fitLinearSvm: ${n} rows need as many labels of 1 and -1, got ${labels.length}`);
  }
  const positives = labels.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0);
  if (!(positives > 0 && positives < n)) {
    throw new InputError(`fitLinearSvm: needs rows of both kinds, got ${positives} positive of ${n}`);
  }
  return Float64Array.from(labels, (label) => (cost * n) / (2 * (label > 0 ? positives : n - positives)));
}

/** (primal - dual) / primal: 0 at the minimum, and never below what is left to gain. */
function relativeGap({
  weights,
  bias,
  alpha,
  costs,
  marginOf,
}: {
  weights: Float64Array;
  bias: number;
  alpha: Float64Array;
  costs: Float64Array;
  marginOf: (i: number) => number;
}): number {
  const norm = weights.reduce((sum, w) => sum + w * w, bias * bias) / 2;
  let [primal, dual] = [norm, -norm];
  for (let i = 0; i < alpha.length; i++) {
    primal += costs[i] * Math.max(0, 1 - marginOf(i));
    dual += alpha[i];
  }
  return (primal - dual) / primal;
}
