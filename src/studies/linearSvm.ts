/**
 * Linear support vector machines, many on the same rows at once: what takes the time are then two long matrix products
 * a step, which a fast product does hundreds of times as fast as one machine after another does its loops.
 *
 * Squared hinge loss, the default of LIBLINEAR (Hsieh et al., ICML 2008, "L2-SVM"). Being smooth, it is minimised by
 * Nesterov's accelerated gradient for strongly convex functions (Introductory Lectures on Convex Optimization, 2004,
 * scheme 2.2.11). The duality gap, which is returned, bounds how far each fit is from the best. Own code, because what
 * npm offers wraps LIBSVM, whose kernel matrix makes one fit on half of LFW take most of a minute.
 */
import { InputError } from "../errors/index.ts";
import { type Multiply, multiplyHere, type Rows } from "../linalg/index.ts";

/** One machine of several on the same rows. */
export interface SvmProblem {
  /** [rows]: 1, -1, or 0 for rows that it does not learn from. */
  readonly labels: Int8Array;
  /** Weight of the losses; each class gets half of (its rows) · cost, so that both weigh the same. */
  readonly cost: number;
}

export interface SvmOptions {
  /** A machine is done when its duality gap falls below this share of the primal objective. */
  readonly tolerance?: number;
  /** Most steps. */
  readonly steps?: number;
  /** A faster matrix product. */
  readonly multiply?: Multiply;
  readonly signal?: AbortSignal;
}

export const SVM_DEFAULTS = { tolerance: 0.01, steps: 1000 } as const;

export interface LinearSvms {
  /** [problems, columns] */
  readonly weights: Rows;
  /** [problems] */
  readonly bias: Float64Array;
  /** [problems]: upper bound on how far each objective lies above its minimum, as a share of it. */
  readonly gaps: Float64Array;
  readonly steps: number;
}

/**
 * Minimises, for each problem, ½‖(w, b)‖² + Σ cᵢ·max(0, 1 - yᵢ(w·xᵢ + b))² over rows [n, columns]. The bias is the
 * weight of a further column of ones. Rows are best brought to comparable scale beforehand.
 */
export async function fitLinearSvms(
  rows: Rows,
  problems: readonly SvmProblem[],
  options: SvmOptions = {},
): Promise<LinearSvms> {
  const { tolerance, steps, signal } = { ...SVM_DEFAULTS, ...options };
  const { multiply = multiplyHere } = options;
  const data = withOnes(rows);
  const [n, d] = [data.rows, data.columns];
  const points = { rows: problems.length, columns: d, values: new Float32Array(problems.length * d) };
  const pulls = { rows: problems.length, columns: n, values: new Float32Array(problems.length * n) };
  const lengths = squaredLengths(data);
  const machines = problems.map((problem, k) => new Machine(problem, lengths, part(points, k)));
  for (let step = 1; ; step++) {
    signal?.throwIfAborted();
    const scores = await multiply(points, data, { transposed: true }); // [problems, n]
    for (const [k, machine] of machines.entries()) machine.pull(part(scores, k), part(pulls, k));
    const sums = await multiply(pulls, data); // [problems, d]
    for (const [k, machine] of machines.entries()) machine.measure(part(sums, k));
    if (step === steps || machines.every(({ gap }) => gap <= tolerance)) {
      return resultOf(points, machines, step);
    }
    for (const [k, machine] of machines.entries())
      if (machine.gap > tolerance) machine.descend(part(sums, k));
  }
}

type Values = Rows["values"];

const part = <V extends Values>({ columns, values }: Rows & { readonly values: V }, row: number): V =>
  values.subarray(row * columns, (row + 1) * columns) as V;

/** `rows` with a last column of ones. */
function withOnes({ rows, columns, values }: Rows): Rows {
  const out = new Float32Array(rows * (columns + 1)).fill(1);
  for (let row = 0; row < rows; row++) {
    out.set(values.subarray(row * columns, (row + 1) * columns), row * (columns + 1));
  }
  return { rows, columns: columns + 1, values: out };
}

const squaredLengths = (data: Rows): Float64Array =>
  Float64Array.from({ length: data.rows }, (_, row) => squaredLength(part(data, row)));

function squaredLength(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

function resultOf({ rows, columns, values }: Rows, machines: readonly Machine[], steps: number): LinearSvms {
  const weights = new Float32Array(rows * (columns - 1));
  for (let k = 0; k < rows; k++) {
    weights.set(values.subarray(k * columns, (k + 1) * columns - 1), k * (columns - 1));
  }
  return {
    weights: { rows, columns: columns - 1, values: weights },
    bias: Float64Array.from({ length: rows }, (_, k) => values[(k + 1) * columns - 1]),
    gaps: Float64Array.from(machines, ({ gap }) => gap),
    steps,
  };
}

/** One problem's descent. Its multipliers are αᵢ = 2cᵢ·max(0, 1 - yᵢ·score). */
class Machine {
  gap = Number.POSITIVE_INFINITY;
  readonly #labels: Int8Array;
  readonly #costs: Float64Array;
  /** Where the objective is looked at, and the place before the last extrapolation: weights and bias. */
  readonly #point: Float32Array;
  readonly #before: Float32Array;
  /** Bound on the curvature; the regulariser alone has 1. */
  readonly #curvature: number;
  #losses = 0;
  #multipliers = 0;

  constructor({ labels, cost }: SvmProblem, lengths: Float64Array, point: Float32Array) {
    this.#labels = labels;
    this.#costs = costsOf(labels, lengths.length, cost);
    this.#point = point;
    this.#before = new Float32Array(point.length);
    this.#curvature = this.#costs.reduce((sum, own, i) => sum + 2 * own * lengths[i], 1);
  }

  /** From scores [n] to αᵢyᵢ [n]: how hard each row pulls at the weights. */
  pull(scores: Values, into: Values): void {
    this.#losses = 0;
    this.#multipliers = 0;
    for (let i = 0; i < into.length; i++) {
      const lack = Math.max(0, 1 - this.#labels[i] * scores[i]);
      const alpha = 2 * this.#costs[i] * lack;
      into[i] = alpha * this.#labels[i];
      this.#losses += (alpha * lack) / 2;
      this.#multipliers += alpha;
    }
  }

  /**
   * The gap, from the pulls' sum Σ αᵢyᵢxᵢ. The dual Σα - ½‖Σαyx‖² - Σα²/4c is looked at for the multiple of α that
   * is best, which makes the bound tighter.
   */
  measure(sum: Values): void {
    const primal = squaredLength(this.#point) / 2 + this.#losses;
    const bent = squaredLength(sum) / 2 + this.#losses;
    const dual = bent > 0 ? this.#multipliers ** 2 / (4 * bent) : 0;
    this.gap = (primal - dual) / primal;
  }

  /** One step against the gradient, point - sum, and on in the direction of the last. */
  descend(sum: Values): void {
    const root = Math.sqrt(this.#curvature);
    const momentum = (root - 1) / (root + 1);
    for (let j = 0; j < sum.length; j++) {
      const next = this.#point[j] - (this.#point[j] - sum[j]) / this.#curvature;
      this.#point[j] = next + momentum * (next - this.#before[j]);
      this.#before[j] = next;
    }
  }
}

function costsOf(labels: Int8Array, n: number, cost: number): Float64Array {
  if (!(cost > 0 && Number.isFinite(cost))) {
    throw new InputError(`fitLinearSvms: cost must be above 0, got ${cost}`);
  }
  if (!(labels.length === n && labels.every((label) => label === 1 || label === -1 || label === 0))) {
    throw new InputError(`fitLinearSvms: ${n} rows need as many labels of 1, -1 and 0, got ${labels.length}`);
  }
  const count = (sign: number) => labels.reduce((sum, label) => sum + (label === sign ? 1 : 0), 0);
  const [positives, negatives] = [count(1), count(-1)];
  if (!(positives > 0 && negatives > 0)) {
    throw new InputError(
      `fitLinearSvms: needs rows of both kinds, got ${positives} positive and ${negatives} negative`,
    );
  }
  const half = (cost * (positives + negatives)) / 2;
  return Float64Array.from(labels, (label) => (label === 0 ? 0 : half / (label > 0 ? positives : negatives)));
}
