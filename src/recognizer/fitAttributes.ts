/** Learns to read attributes from neurons, on one half of the people, and measures it on the other. Paper: Section 6.1. */
import { type FeatureSet, rowOf } from "../features/index.ts";
import { calibrate } from "../match/index.ts";
import type { Rng } from "../random/index.ts";
import {
  allFeaturesScores,
  dealHalves,
  fitLinearSvm,
  type Halves,
  type LinearSvm,
  singleFeatureScores,
  type Task,
} from "../studies/index.ts";
import type { FittedAttribute } from "./attributes.ts";

/** Which half is learned from; the other one judges. */
const [LEARN, JUDGE] = [0, 1];

/** Fits every task. Each needs both kinds of pictures in both halves of the people. */
export async function fitAttributes(
  set: FeatureSet,
  tasks: readonly Task[],
  {
    rng,
    signal,
    onProgress,
  }: { rng: Rng; signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<FittedAttribute[]> {
  const halves = dealHalves(set, "person", rng.fork("halves"));
  const single = await singleFeatureScores(set, tasks, halves, { signal });
  const all = await allFeaturesScores(set, tasks, halves, {
    rng: rng.fork("svm"),
    by: "person",
    signal,
    onProgress,
  });
  return tasks.map((task, t) => {
    const { feature: index, threshold, direction, accuracy } = single[t].chosen[LEARN];
    const { cost } = all[t].directions[LEARN];
    const linear = fitLinear(set, task, halves, { cost, rng: rng.fork(task.name) });
    return { name: task.name, ...linear, neuron: { index, threshold, direction, accuracy } };
  });
}

/** A linear classifier of the features as they are: the scale that it is learned at is folded into its weights. */
function fitLinear(
  set: FeatureSet,
  { labels }: Task,
  halves: Halves,
  options: { readonly cost: number; readonly rng: Rng },
): Omit<FittedAttribute, "name" | "neuron"> {
  const { dimension } = set;
  const rowsOf = (half: number) =>
    [...halves.keys()].filter((row) => halves[row] === half && labels[row] !== 0);
  const learn = rowsOf(LEARN);
  const { mean, scale } = scaleOf(set, learn);
  const values = new Float32Array(learn.length * dimension);
  for (const [i, row] of learn.entries()) {
    const from = rowOf(set, row);
    for (let j = 0; j < dimension; j++) values[i * dimension + j] = (from[j] - mean[j]) * scale[j];
  }
  const svm = fitLinearSvm(
    { rows: learn.length, columns: dimension, values },
    Int8Array.from(learn, (row) => labels[row]),
    options,
  );
  const folded = fold(svm, mean, scale);
  const scores = { yes: [] as number[], no: [] as number[] };
  for (const row of rowsOf(JUDGE)) {
    const features = rowOf(set, row);
    const score = folded.weights.reduce((sum, weight, j) => sum + weight * features[j], folded.bias);
    scores[labels[row] > 0 ? "yes" : "no"].push(score);
  }
  const right = (list: readonly number[], sign: 1 | -1) =>
    list.filter((score) => (score > 0 ? 1 : -1) === sign).length / list.length;
  const { slope, offset } = calibrate(Float64Array.from(scores.yes), Float64Array.from(scores.no));
  return { ...folded, slope, offset, accuracy: (right(scores.yes, 1) + right(scores.no, -1)) / 2 };
}

/** Mean of each column over `rows`, and one over its deviation; 0 for a column that does not vary. */
function scaleOf(set: FeatureSet, rows: readonly number[]) {
  const mean = new Float64Array(set.dimension);
  const variance = new Float64Array(set.dimension);
  for (const row of rows) {
    for (const [j, value] of rowOf(set, row).entries()) mean[j] += value / rows.length;
  }
  for (const row of rows) {
    for (const [j, value] of rowOf(set, row).entries()) variance[j] += (value - mean[j]) ** 2 / rows.length;
  }
  return { mean, scale: variance.map((value) => (value > 1e-12 ? 1 / Math.sqrt(value) : 0)) };
}

function fold({ weights, bias }: LinearSvm, mean: Float64Array, scale: Float64Array) {
  const folded = Float32Array.from(weights, (weight, j) => weight * scale[j]);
  return { weights: folded, bias: folded.reduce((sum, weight, j) => sum - weight * mean[j], bias) };
}
