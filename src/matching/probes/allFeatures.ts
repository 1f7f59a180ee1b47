/**
 * How well all features together answer a question: a balanced linear SVM learned on one half of the pictures and
 * judged on the other by balanced accuracy. Paper: Section 6.1, Fig. 7 (which classifier it used is not said).
 */

import type { Progress } from "../../base/progress/index.ts";
import type { Rng } from "../../base/random/index.ts";
import { type Multiply, multiplyHere, type Rows } from "../../math/linalg/index.ts";
import type { FeatureSet } from "../features/index.ts";
import { dealHalves, type Halves, type SplitBy } from "./halves.ts";
import { fitLinearSvms, type SvmProblem } from "./linearSvm.ts";
import { type Scaling, scaled, scalingOf } from "./scaling.ts";
import { canAsk, checkTask } from "./singleFeature.ts";
import type { Task } from "./tasks.ts";

export interface AllFeaturesOptions extends Progress {
  readonly rng: Rng;
  /** How the halves were dealt; the learning half is dealt the same way again to choose the cost on. */
  readonly by: SplitBy;
  /** Costs to choose from, the smallest first. */
  readonly costs?: readonly number[];
  /** A faster matrix product. */
  readonly multiply?: Multiply;
}

export const SVM_COSTS: readonly number[] = [1e-6, 1e-5, 1e-4, 1e-3];

export interface AllFeaturesScore {
  readonly task: string;
  /** Mean balanced accuracy over both directions. */
  readonly accuracy: number;
  /** The cost chosen and the balanced accuracy for each learning half. */
  readonly directions: readonly { readonly cost: number; readonly accuracy: number }[];
}

/** Scores every task. Each needs both kinds of pictures in both halves. */
export async function allFeaturesScores(
  set: FeatureSet,
  tasks: readonly Task[],
  halves: Halves,
  options: AllFeaturesOptions,
): Promise<AllFeaturesScore[]> {
  if (tasks.length === 0) return [];
  const { onProgress } = options;
  const sides: Learned[] = [];
  for (const half of [0, 1]) {
    const progress = (done: number, total: number) => onProgress?.(half * total + done, 2 * total);
    sides.push(await learnAll(set, tasks, { ...options, halves, half, onProgress: progress }));
  }
  return tasks.map(({ name }, t) => {
    const directions = sides.map(({ costs, accuracies }) => ({ cost: costs[t], accuracy: accuracies[t] }));
    const accuracy = (directions[0].accuracy + directions[1].accuracy) / 2;
    return { task: name, accuracy, directions };
  });
}

/** A linear classifier of the features as they are: yes where weights·features + bias > 0. */
export interface LinearClassifier {
  readonly weights: Float32Array;
  readonly bias: number;
  /** Balanced, of the half that it was not learned from. */
  readonly accuracy: number;
}

/** What the first half teaches of every task, judged on the second; with the same `rng` as allFeaturesScores does. */
export async function firstHalfClassifiers(
  set: FeatureSet,
  tasks: readonly Task[],
  halves: Halves,
  options: AllFeaturesOptions,
): Promise<LinearClassifier[]> {
  if (tasks.length === 0) return [];
  const { scale, mean, weights, bias, accuracies } = await learnAll(set, tasks, {
    ...options,
    halves,
    half: 0,
  });
  return tasks.map((_, t) => {
    const own = weights.values.subarray(t * weights.columns, (t + 1) * weights.columns);
    const raw = Float32Array.from(own, (weight, j) => weight * scale[j]);
    return {
      weights: raw,
      bias: raw.reduce((sum, weight, j) => sum - weight * mean[j], bias[t]),
      accuracy: accuracies[t],
    };
  });
}

interface Lesson extends AllFeaturesOptions {
  readonly halves: Halves;
  readonly half: number;
}

/** What one half teaches of every task, and how right it is on the other. */
interface Learned extends Scaling, Machines {
  readonly costs: readonly number[];
  readonly accuracies: readonly number[];
}

/** Learns every task on one half, at the cost that is best within it, and judges it on the other. */
async function learnAll(set: FeatureSet, tasks: readonly Task[], lesson: Lesson): Promise<Learned> {
  for (const task of tasks) checkTask(task, set, lesson.halves);
  const { halves, half, onProgress } = lesson;
  const [learned, check] = [half, 1 - half].map((own) => rowsWhere(halves, own));
  const scaling = scalingOf(set, learned);
  const rows = scaled(set, learned, scaling);
  const asked = tasks.map(({ labels }) => pick(labels, learned));
  onProgress?.(0, 2);
  const costs = await chooseCosts(
    rows,
    asked,
    learned.map((row) => set.identities[row]),
    lesson,
  );
  onProgress?.(1, 2);
  const machines = await learn(
    rows,
    asked.map((labels, t) => ({ labels, cost: costs[t] })),
    lesson,
  );
  const others = scaled(set, check, scaling);
  const accuracies = await judge(
    machines,
    others,
    tasks.map(({ labels }) => pick(labels, check)),
    lesson,
  );
  onProgress?.(2, 2);
  return { ...scaling, ...machines, costs, accuracies };
}

const rowsWhere = (halves: Halves, half: number): number[] =>
  [...halves.keys()].filter((row) => halves[row] === half);

const pick = (labels: Int8Array, rows: readonly number[]): Int8Array =>
  Int8Array.from(rows, (row) => labels[row]);

/** For each task's `labels` the cost that is best when half of `rows` judge the others; the smallest where that cannot be asked. */
async function chooseCosts(
  rows: Rows,
  labels: readonly Int8Array[],
  identities: readonly string[],
  { by, rng, half, costs = SVM_COSTS, ...options }: Lesson,
): Promise<number[]> {
  const chosen = labels.map(() => costs[0]);
  const inner = dealHalves({ identities }, by, rng.fork(`inner ${half}`));
  const askable = [...labels.keys()].filter((t) => canAsk({ labels: labels[t] }, inner));
  if (costs.length === 1 || askable.length === 0) return chosen;
  const [taught, check] = [0, 1].map((own) => rowsWhere(inner, own));
  const problems = askable.flatMap((t) => costs.map((cost) => ({ labels: pick(labels[t], taught), cost })));
  const machines = await learn(take(rows, taught), problems, options);
  const checked = askable.flatMap((t) => costs.map(() => pick(labels[t], check)));
  const accuracies = await judge(machines, take(rows, check), checked, options);
  for (const [i, t] of askable.entries()) {
    const own = accuracies.slice(i * costs.length, (i + 1) * costs.length);
    chosen[t] = costs[own.indexOf(Math.max(...own))];
  }
  return chosen;
}

function take({ columns, values }: Rows, rows: readonly number[]): Rows {
  const out = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    out.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  return { rows: rows.length, columns, values: out };
}

interface Machines {
  /** [problems, columns] */
  readonly weights: Rows;
  /** [problems] */
  readonly bias: Float64Array;
}

async function learn(
  rows: Rows,
  problems: readonly SvmProblem[],
  { multiply, signal }: Pick<AllFeaturesOptions, "multiply" | "signal">,
): Promise<Machines> {
  const { gaps, steps, ...machines } = await fitLinearSvms(rows, problems, {
    multiply,
    signal,
    tolerance: 0.05,
  });
  const open = gaps.filter((gap) => gap > NEAR).length;
  if (open > 0)
    throw new Error(
      `all features: ${open} of ${gaps.length} machines are not near the best after ${steps} steps`,
    );
  return machines;
}

/** The widest gap of a machine that is used. */
const NEAR = 0.2;

/** Balanced accuracy of every machine on `rows`, by its own labels. */
async function judge(
  { weights, bias }: Machines,
  rows: Rows,
  labels: readonly Int8Array[],
  { multiply = multiplyHere }: Pick<AllFeaturesOptions, "multiply">,
): Promise<number[]> {
  const scores = await multiply(weights, rows, { transposed: true });
  return labels.map((own, k) => {
    const right = { yes: 0, no: 0 };
    const all = { yes: 0, no: 0 };
    for (const [i, label] of own.entries()) {
      if (label === 0) continue;
      const kind = label > 0 ? "yes" : "no";
      all[kind]++;
      if (scores.values[k * rows.rows + i] + bias[k] > 0 === label > 0) right[kind]++;
    }
    return 0.5 * (right.yes / all.yes + right.no / all.no);
  });
}
