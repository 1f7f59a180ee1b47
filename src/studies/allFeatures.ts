/**
 * How well all features together answer a question: a balanced linear SVM learned on one half of the pictures and
 * judged on the other by balanced accuracy. Paper: Section 6.1, Fig. 7 (which classifier it used is not said).
 */
import type { FeatureSet } from "../features/index.ts";
import type { Rows } from "../linalg/index.ts";
import { type Rng, shuffle } from "../random/index.ts";
import { dealHalves, type Halves, type SplitBy } from "./halves.ts";
import { fitLinearSvm, type LinearSvm } from "./linearSvm.ts";
import { pacer, type StudyProgress } from "./pacer.ts";
import { checkTask } from "./singleFeature.ts";
import type { Task } from "./tasks.ts";

export interface AllFeaturesOptions extends StudyProgress {
  readonly rng: Rng;
  /** How the halves were dealt; the learning half is dealt the same way again to choose the cost on. */
  readonly by: SplitBy;
  /** Costs to choose from. */
  readonly costs?: readonly number[];
}

export const SVM_COSTS: readonly number[] = [1e-5, 1e-4, 1e-3];

export interface AllFeaturesScore {
  readonly task: string;
  /** Mean balanced accuracy over both directions. */
  readonly accuracy: number;
  /** The cost chosen and the balanced accuracy for each learning half. */
  readonly directions: readonly { readonly cost: number; readonly accuracy: number }[];
}

/** Scores every task: about half a second for each of rows x dimension = 13,000 x 1,024. */
export async function allFeaturesScores(
  set: FeatureSet,
  tasks: readonly Task[],
  halves: Halves,
  { rng, by, costs = SVM_COSTS, ...progress }: AllFeaturesOptions,
): Promise<AllFeaturesScore[]> {
  const pace = pacer(progress);
  const sides = [0, 1].map((half) => standardise(set, halves, half));
  const scores: AllFeaturesScore[] = [];
  for (const [t, task] of tasks.entries()) {
    checkTask(task, set, halves);
    await pace(8 * t, 8 * tasks.length);
    const directions: { cost: number; accuracy: number }[] = [];
    for (const half of [0, 1]) {
      await pace(8 * t, 8 * tasks.length); // between the halves too: lets Ctrl-C through
      const { cost, accuracy } = learn(sides[half], { set, task, halves, half, costs, by, rng });
      directions.push({ cost, accuracy });
    }
    const accuracy = (directions[0].accuracy + directions[1].accuracy) / 2;
    scores.push({ task: task.name, accuracy, directions });
  }
  await pace(8 * tasks.length, 8 * tasks.length);
  return scores;
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
  { rng, by, costs = SVM_COSTS, ...progress }: AllFeaturesOptions,
): Promise<LinearClassifier[]> {
  const pace = pacer(progress);
  const side = standardise(set, halves, 0);
  const learned: LinearClassifier[] = [];
  for (const [t, task] of tasks.entries()) {
    checkTask(task, set, halves);
    await pace(4 * t, 4 * tasks.length);
    const { svm, accuracy } = learn(side, { set, task, halves, half: 0, costs, by, rng });
    const weights = Float32Array.from(svm.weights, (weight, j) => weight * side.scale[j]);
    const bias = weights.reduce((sum, weight, j) => sum - weight * side.mean[j], svm.bias);
    learned.push({ weights, bias, accuracy });
  }
  await pace(4 * tasks.length, 4 * tasks.length);
  return learned;
}

interface Lesson extends Pick<Choice, "set" | "task" | "costs" | "by" | "rng"> {
  readonly halves: Halves;
  readonly half: number;
}

/** Learns on one half at the cost that is best within it, and is judged on the other. */
function learn(side: Rows, { halves, half, rng, ...choice }: Lesson) {
  const { task } = choice;
  const rows = rowsWhere(task, halves, half);
  const fork = rng.fork(`${task.name} ${half}`);
  const cost = chooseCost(side, { ...choice, learn: rows, rng: fork });
  const svm = fitOn(side, task, rows, { cost, rng: fork });
  return { cost, svm, accuracy: judge(side, task, rowsWhere(task, halves, 1 - half), svm) };
}

interface Standardised extends Rows {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** All rows, each column with mean 0 and deviation 1 over the rows of the half that is learned from. */
function standardise({ rows, dimension, values }: FeatureSet, halves: Halves, half: number): Standardised {
  const sum = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  let n = 0;
  for (let row = 0; row < rows; row++) {
    if (halves[row] !== half) continue;
    n++;
    for (let j = 0; j < dimension; j++) {
      const value = values[row * dimension + j];
      sum[j] += value;
      squares[j] += value * value;
    }
  }
  const scale = squares.map((square, j) => {
    const variance = square / n - (sum[j] / n) ** 2;
    return variance > 1e-12 * (square / n) ? 1 / Math.sqrt(variance) : 0;
  });
  const out = new Float32Array(values.length);
  for (let at = 0; at < out.length; at++) {
    const j = at % dimension;
    out[at] = (values[at] - sum[j] / n) * scale[j];
  }
  return { rows, columns: dimension, values: out, mean: sum.map((total) => total / n), scale };
}

function rowsWhere({ labels }: Task, halves: Halves, half: number): number[] {
  return [...halves.keys()].filter((row) => halves[row] === half && labels[row] !== 0);
}

interface Choice {
  readonly set: FeatureSet;
  readonly task: Task;
  readonly learn: readonly number[];
  readonly costs: readonly number[];
  readonly by: SplitBy;
  readonly rng: Rng;
}

/** Negative rows that a cost is chosen on, besides all positive ones: more would take most of the time. */
const CHOICE_NEGATIVES = 1500;

/** The cost that is best when half of the learning rows judge the others; the smallest where that cannot be asked. */
function chooseCost(side: Rows, { set, task, learn: all, costs, by, rng }: Choice): number {
  if (costs.length === 1) return costs[0];
  const negatives = all.filter((row) => task.labels[row] < 0);
  const learn = [
    ...all.filter((row) => task.labels[row] > 0),
    ...shuffle(negatives, rng.fork("negatives")).slice(0, CHOICE_NEGATIVES),
  ];
  const inner = dealHalves({ identities: learn.map((row) => set.identities[row]) }, by, rng.fork("inner"));
  const [fit, check] = [0, 1].map((half) => learn.filter((_, i) => inner[i] === half));
  const both = (rows: readonly number[]) => new Set(rows.map((row) => task.labels[row])).size === 2;
  if (!(both(fit) && both(check))) return costs[0];
  let best = { cost: costs[0], accuracy: -1 };
  for (const cost of costs) {
    const accuracy = judge(side, task, check, fitOn(side, task, fit, { cost, rng }));
    if (accuracy > best.accuracy) best = { cost, accuracy };
  }
  return best.cost;
}

function fitOn(
  { columns, values }: Rows,
  { labels }: Task,
  rows: readonly number[],
  options: { cost: number; rng: Rng },
): LinearSvm {
  const chosen = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    chosen.set(values.subarray(row * columns, (row + 1) * columns) as Float32Array, i * columns);
  }
  const signs = Int8Array.from(rows, (row) => labels[row]);
  return fitLinearSvm({ rows: rows.length, columns, values: chosen }, signs, { ...options, tolerance: 0.05 });
}

/** Balanced accuracy. */
function judge(
  { columns, values }: Rows,
  { labels }: Task,
  rows: readonly number[],
  { weights, bias }: LinearSvm,
): number {
  const right = { yes: 0, no: 0 };
  const all = { yes: 0, no: 0 };
  for (const row of rows) {
    let sum = bias;
    for (let j = 0, at = row * columns; j < columns; j++, at++) sum += weights[j] * values[at];
    const kind = labels[row] > 0 ? "yes" : "no";
    all[kind]++;
    if (sum > 0 === (kind === "yes")) right[kind]++;
  }
  return 0.5 * (right.yes / all.yes + right.no / all.no);
}
