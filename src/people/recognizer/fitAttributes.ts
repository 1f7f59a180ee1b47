/** Learns to read attributes from neurons, on one half of the people, and measures it on the other. Paper: Section 6.1. */

import { type FeatureSet, rowOf } from "../../matching/features/index.ts";
import { calibrate } from "../../matching/match/index.ts";
import {
  type AllFeaturesOptions,
  dealHalves,
  firstHalfClassifiers,
  type LinearClassifier,
  singleFeatureScores,
  type Task,
} from "../../matching/probes/index.ts";
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
    multiply,
  }: Pick<AllFeaturesOptions, "rng" | "signal" | "onProgress" | "multiply">,
): Promise<FittedAttribute[]> {
  const halves = dealHalves(set, "person", rng.fork("halves"));
  const single = await singleFeatureScores(set, tasks, halves, { signal });
  const linear = await firstHalfClassifiers(set, tasks, halves, {
    rng: rng.fork("svm"),
    by: "person",
    signal,
    onProgress,
    multiply,
  });
  return tasks.map((task, t) => {
    const { feature: index, threshold, direction, accuracy } = single[t].chosen[LEARN];
    const judges = [...halves.keys()].filter((row) => halves[row] === JUDGE);
    const curve = curveOf(set, task, judges, linear[t]);
    return { name: task.name, ...linear[t], ...curve, neuron: { index, threshold, direction, accuracy } };
  });
}

/** How probable presence is at a score, from the scores of `rows`. */
function curveOf(
  set: FeatureSet,
  { labels }: Task,
  rows: readonly number[],
  { weights, bias }: LinearClassifier,
): Pick<FittedAttribute, "slope" | "offset"> {
  const scoresOf = (sign: 1 | -1) =>
    Float64Array.from(
      rows.filter((row) => Math.sign(labels[row]) === sign),
      (row) => rowOf(set, row).reduce((sum, value, j) => sum + weights[j] * value, bias),
    );
  const { slope, offset } = calibrate(scoresOf(1), scoresOf(-1));
  return { slope, offset };
}
