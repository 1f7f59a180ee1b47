/**
 * How well single features answer a question: a threshold on one feature, its place and direction chosen on one half
 * of the pictures, judged on the other by balanced accuracy, 0.5·(TPR + TNR). Paper: Section 6.1, Figs 8 and 9 (the
 * best feature of each task) and Section 6.2, Figs 10 and 11 (all of them).
 */
import { InputError } from "../../base/errors/index.ts";
import { type Progress, pacer } from "../../base/progress/index.ts";
import type { FeatureSet } from "../features/index.ts";
import type { Halves } from "./halves.ts";
import type { Task } from "./tasks.ts";

/** A rule on one feature: "yes" above the threshold where `direction` is 1, below it where it is -1. */
export interface Rule {
  readonly feature: number;
  readonly threshold: number;
  readonly direction: 1 | -1;
}

export interface SingleFeatureScore {
  readonly task: string;
  /** Balanced accuracy of the best feature, chosen on the other half each time; the mean of both directions. */
  readonly accuracy: number;
  /** The rule chosen on either half, and its balanced accuracy on the other. */
  readonly chosen: readonly (Rule & { readonly accuracy: number })[];
  /** [dimension]: balanced accuracy of every feature, threshold and direction from the other half; the mean of both. */
  readonly ofFeature: Float32Array;
}

/**
 * Judges every feature of `set` on every task. A task needs both kinds of pictures in both halves.
 * Takes rows x dimension x tasks steps, 5 s for LFW's 13,233 x 1,024 x 80.
 */
export async function singleFeatureScores(
  set: FeatureSet,
  tasks: readonly Task[],
  halves: Halves,
  options: Progress = {},
): Promise<SingleFeatureScore[]> {
  for (const task of tasks) checkTask(task, set, halves);
  const { dimension } = set;
  const pace = pacer(options);
  const found = tasks.map(() => createFound(dimension));
  const rows = [0, 1].map((half) =>
    Int32Array.from([...halves.keys()].filter((row) => halves[row] === half)),
  );
  const counts = tasks.map(({ labels }) => rows.map((of) => countLabels(labels, of)));
  const column = new Float32Array(set.rows);
  for (let j = 0; j < dimension; j++) {
    await pace(j, dimension);
    for (let row = 0; row < set.rows; row++) column[row] = set.values[row * dimension + j];
    for (const learn of [0, 1]) {
      const sorted = sortedBy(column, rows[learn]);
      for (const [t, { labels }] of tasks.entries()) {
        const rule = bestRule(column, sorted, labels, counts[t][learn]);
        const accuracy = judge(column, rows[1 - learn], labels, { ...rule, ...counts[t][1 - learn] });
        keep(found[t], learn, { feature: j, ...rule, accuracy });
      }
    }
  }
  await pace(dimension, dimension);
  return tasks.map(({ name }, t) => ({
    task: name,
    accuracy: (found[t].best[0].accuracy + found[t].best[1].accuracy) / 2,
    chosen: found[t].best.map(({ learned, ...rest }) => rest),
    ofFeature: found[t].ofFeature,
  }));
}

/** `rows` by their value in `column`; ties in the order of the rows. Numbers are sorted ten times as fast as by a function. */
function sortedBy(column: Float32Array, rows: Int32Array): Int32Array {
  if (rows.length > MOST_ROWS) {
    throw new InputError(`studies: half of the pictures may be ${MOST_ROWS} at most, got ${rows.length}`);
  }
  const bits = new Uint32Array(Float32Array.from(rows, (row) => column[row] + 0).buffer); // -0 is 0
  const keys = Float64Array.from(bits, (word, i) => {
    const ordered = word >>> 31 === 0 ? word + 2 ** 31 : 2 ** 32 - 1 - word; // as unsigned numbers, negative ones first
    return ordered * MOST_ROWS + i;
  }).sort();
  return Int32Array.from(keys, (key) => rows[key % MOST_ROWS]);
}

/** Rows that a key of 53 bits has room for beside a value of 32. */
const MOST_ROWS = 2 ** 21;

interface Counts {
  readonly positives: number;
  readonly negatives: number;
}

interface LearnedRule extends Rule {
  /** Balanced accuracy on the half it was chosen on, and on the other. */
  readonly learned: number;
  readonly accuracy: number;
}

interface Found {
  readonly best: LearnedRule[];
  readonly ofFeature: Float32Array;
}

const createFound = (dimension: number): Found => ({
  best: [0, 1].map(() => ({ feature: 0, threshold: 0, direction: 1 as const, learned: -1, accuracy: 0.5 })),
  ofFeature: new Float32Array(dimension),
});

function keep({ best, ofFeature }: Found, learn: number, rule: LearnedRule): void {
  ofFeature[rule.feature] += rule.accuracy / 2;
  if (rule.learned > best[learn].learned) best[learn] = rule;
}

function countLabels(labels: Int8Array, rows: Int32Array): Counts {
  let [positives, negatives] = [0, 0];
  for (const row of rows) {
    if (labels[row] > 0) positives++;
    else if (labels[row] < 0) negatives++;
  }
  return { positives, negatives };
}

/** Whether each half can teach and judge the task: holds pictures of both kinds. With few people one may not. */
export function canAsk({ labels }: Pick<Task, "labels">, halves: Halves): boolean {
  if (labels.length !== halves.length) {
    throw new InputError(`studies: ${halves.length} halves need as many labels, got ${labels.length}`);
  }
  const seen = new Set<number>();
  for (const [row, label] of labels.entries()) if (label !== 0) seen.add(4 * halves[row] + label);
  return seen.size === 4;
}

/** Refuses a task that a half cannot teach or judge. */
export function checkTask(task: Task, { rows }: Pick<FeatureSet, "rows">, halves: Halves): void {
  if (halves.length !== rows) {
    throw new InputError(`studies: ${rows} rows need as many halves, got ${halves.length}`);
  }
  if (!canAsk(task, halves)) {
    throw new InputError(`studies: ${task.name} needs pictures of both kinds in both halves`);
  }
}

/**
 * The threshold and direction of highest balanced accuracy on `sorted` rows; thresholds lie halfway between
 * neighbouring values, and of equal ones the lowest is taken.
 */
function bestRule(
  column: Float32Array,
  sorted: Int32Array,
  labels: Int8Array,
  { positives, negatives }: Counts,
): Pick<LearnedRule, "threshold" | "direction" | "learned"> {
  let [best, threshold, direction]: [number, number, 1 | -1] = [0.5, -Infinity, 1]; // always yes
  let difference = 0; // share of negatives minus share of positives so far below
  const [up, down] = [1 / negatives, 1 / positives];
  let last = Number.NaN;
  for (let i = 0; i < sorted.length; i++) {
    const label = labels[sorted[i]];
    if (label === 0) continue;
    const value = column[sorted[i]];
    const accuracy = 0.5 + Math.abs(difference) / 2;
    if (value > last && accuracy > best + 1e-12) {
      [best, threshold, direction] = [accuracy, (last + value) / 2, difference > 0 ? 1 : -1];
    }
    difference += label < 0 ? up : -down;
    last = value;
  }
  return { threshold, direction, learned: best };
}

/** Balanced accuracy of a rule on `rows`. */
function judge(
  column: Float32Array,
  rows: Int32Array,
  labels: Int8Array,
  { threshold, direction, positives, negatives }: Pick<Rule, "threshold" | "direction"> & Counts,
): number {
  let [hits, alarms] = [0, 0];
  for (const row of rows) {
    if (labels[row] === 0 || !(column[row] > threshold)) continue;
    if (labels[row] > 0) hits++;
    else alarms++;
  }
  const above = 0.5 * (hits / positives + 1 - alarms / negatives);
  return direction === 1 ? above : 1 - above;
}
