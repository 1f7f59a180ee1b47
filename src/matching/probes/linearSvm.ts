/**
 * Linear support vector machines, many on the same rows at once: what takes the time are then two long matrix products
 * a step, which a fast product does hundreds of times as fast as one machine after another does its loops.
 *
 * Squared hinge loss, the default of LIBLINEAR (Hsieh et al., ICML 2008, "L2-SVM"). Being smooth, it is minimised by
 * Nesterov's accelerated gradient with restarts, its steps as long as each problem's curvature allows. The duality gap,
 * which is returned, bounds how far each fit is from the best. Own code, because what npm offers wraps LIBSVM, whose
 * kernel matrix makes one fit on half of LFW take most of a minute.
 */
import { InputError } from "../../base/errors/index.ts";
import { pacer } from "../../base/progress/index.ts";
import { createRng } from "../../base/random/index.ts";
import { type Multiply, multiplyHere, type Rows } from "../../math/linalg/index.ts";

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
  /** [problems]: upper bound on how far each objective lies above its minimum, as a share of the objective. */
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
  const { tolerance, steps } = { ...SVM_DEFAULTS, ...options };
  if (problems.length === 0) return resultOf([], rows.columns, 0);
  const pace = pacer(options);
  const data = withOnes(rows);
  const machines = problems.map((problem) => new Machine(problem, data));
  await measureCurvature(machines, data, options);
  let running: readonly Machine[] = machines;
  for (let step = 1; ; step++) {
    const sums = await passOver(running, data, options, (machine, scores, into) =>
      machine.pull(scores, into),
    );
    for (const [k, machine] of running.entries()) machine.measure(part(sums, k));
    const left = machines.filter(({ gap }) => !(gap <= tolerance));
    if (step >= steps || left.length === 0) return resultOf(machines, rows.columns, step);
    for (const [k, machine] of running.entries())
      if (!(machine.gap <= tolerance)) machine.descend(part(sums, k));
    if (left.length <= FEWER * running.length) running = left;
    await pace(step, steps);
  }
}

/** Share of machines still running at which the others are left out: each number of them costs a new product. */
const FEWER = 0.8;
/** Passes to find each problem's largest curvature, and how much more is taken, for what they may lack. */
const CURVATURE_PASSES = 8;
const CURVATURE_MARGIN = 1.2;
/** Share of an objective that float32 may get wrong. */
const ROUNDING = 1e-4;

/** The largest eigenvalue of Σ 2cᵢxᵢxᵢᵀ by power iteration: the descent's steps are as long as it allows. */
async function measureCurvature(
  machines: readonly Machine[],
  data: Rows,
  options: SvmOptions,
): Promise<void> {
  const rng = createRng(1).fork("curvature");
  const start = Float32Array.from({ length: data.columns }, rng.normal); // one for all: none depends on the others
  for (const { point } of machines) point.set(start);
  for (let pass = 0; pass < CURVATURE_PASSES; pass++) {
    const sums = await passOver(machines, data, options, (machine, scores, into) =>
      machine.bend(scores, into),
    );
    for (const [k, machine] of machines.entries()) machine.turn(part(sums, k));
  }
  for (const machine of machines) machine.point.fill(0);
}

/** Scores all rows at every machine's point, weighs each row by them, and adds up the rows: [machines, columns]. */
async function passOver(
  machines: readonly Machine[],
  data: Rows,
  { multiply = multiplyHere, signal }: SvmOptions,
  weigh: (machine: Machine, scores: Values, into: Float32Array) => void,
): Promise<Rows> {
  signal?.throwIfAborted();
  const count = machines.length;
  const points = { rows: count, columns: data.columns, values: new Float32Array(count * data.columns) };
  for (const [k, { point }] of machines.entries()) points.values.set(point, k * data.columns);
  const scores = await multiply(points, data, { transposed: true });
  const weights = { rows: count, columns: data.rows, values: new Float32Array(count * data.rows) };
  for (const [k, machine] of machines.entries()) weigh(machine, part(scores, k), part(weights, k));
  return await multiply(weights, data);
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

function squaredLength(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

function resultOf(machines: readonly Machine[], columns: number, steps: number): LinearSvms {
  const weights = { rows: machines.length, columns, values: new Float32Array(machines.length * columns) };
  for (const [k, { point }] of machines.entries()) part(weights, k).set(point.subarray(0, columns));
  return {
    weights,
    bias: Float64Array.from(machines, ({ point }) => point[columns]),
    gaps: Float64Array.from(machines, ({ gap }) => gap),
    steps,
  };
}

/** One problem's descent. Its multipliers are αᵢ = 2cᵢ·max(0, 1 - yᵢ·score). */
class Machine {
  gap = Number.POSITIVE_INFINITY;
  /** Where the objective is looked at: weights and bias. */
  readonly point: Float32Array;
  /** The same before the last extrapolation. */
  readonly #before: Float32Array;
  readonly #labels: Int8Array;
  readonly #costs: Float64Array;
  /** Of the losses; the regulariser adds 1. */
  #curvature = 0;
  /** Steps since the last start, and the objective of the last. */
  #led = 0;
  #primal = Number.POSITIVE_INFINITY;
  #losses = 0;
  #multipliers = 0;

  constructor({ labels, cost }: SvmProblem, { rows, columns }: Rows) {
    this.#labels = labels;
    this.#costs = costsOf(labels, rows, cost);
    this.point = new Float32Array(columns);
    this.#before = new Float32Array(columns);
  }

  /** From scores [n] of the point to 2cᵢ·score [n]. */
  bend(scores: Values, into: Float32Array): void {
    for (let i = 0; i < into.length; i++) into[i] = 2 * this.#costs[i] * scores[i];
  }

  /** Goes on to where the curvature bends the point, and takes by how much it does so for the curvature. */
  turn(sum: Values): void {
    const before = Math.sqrt(squaredLength(this.point));
    const length = Math.sqrt(squaredLength(sum));
    this.#curvature = length / before;
    for (let j = 0; j < sum.length; j++) this.point[j] = length > 0 ? sum[j] / length : 1;
  }

  /** From scores [n] to αᵢyᵢ [n]: how hard each row pulls at the weights. */
  pull(scores: Values, into: Float32Array): void {
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
    const primal = squaredLength(this.point) / 2 + this.#losses;
    const bent = squaredLength(sum) / 2 + this.#losses;
    const dual = bent > 0 ? this.#multipliers ** 2 / (4 * bent) : 0;
    this.gap = (primal - dual) / primal;
    if (!Number.isFinite(this.gap))
      throw new InputError("fitLinearSvms: the rows hold values that are not finite");
    // A step without momentum leads down, unless power iteration has found less than the largest curvature.
    if (this.#led === 0 && primal > this.#primal * (1 + ROUNDING)) this.#curvature *= 2;
    this.#primal = primal;
  }

  /**
   * One step against the gradient, point - sum, and on in the direction of the last, the farther the more steps have led
   * there; where it leads up again, from the start (O'Donoghue and Candès, 2015, gradient scheme).
   */
  descend(sum: Values): void {
    const curvature = 1 + CURVATURE_MARGIN * this.#curvature;
    const next = this.point.map((value, j) => value - (value - sum[j]) / curvature);
    let uphill = 0;
    for (let j = 0; j < next.length; j++) uphill += (this.point[j] - next[j]) * (next[j] - this.#before[j]);
    this.#led = uphill > 0 ? 0 : this.#led + 1;
    const momentum = this.#led / (this.#led + 3);
    for (let j = 0; j < next.length; j++) {
      this.point[j] = next[j] + momentum * (next[j] - this.#before[j]);
    }
    this.#before.set(next);
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
