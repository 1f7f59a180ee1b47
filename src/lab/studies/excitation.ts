/**
 * Excited and inhibited neurons: how activations lie on the pictures of a person or an attribute and on the rest.
 * Paper: Section 6.2, Figs 10 and 11.
 */
import type { FeatureSet } from "../../matching/features/index.ts";
import type { SingleFeatureScore, Task } from "../../matching/probes/index.ts";

/** One neuron on one task. */
export interface NeuronProfile {
  readonly neuron: number;
  /** On the pictures of the class, and on the rest. */
  readonly mean: number;
  readonly deviation: number;
  readonly restMean: number;
  readonly restDeviation: number;
  /** Balanced accuracy of this neuron alone, where it was measured. */
  readonly accuracy: number | null;
  /** Its mean on the class exceeds that on the rest. */
  readonly excited: boolean;
}

export interface Excitation {
  readonly task: string;
  readonly kind: Task["kind"];
  readonly positives: number;
  readonly negatives: number;
  /** All neurons, the strongest mean on the class first. */
  readonly neurons: readonly NeuronProfile[];
}

/** Profiles of all neurons on a task, in the order of the paper's figures. */
export function excitation(set: FeatureSet, task: Task, scores?: SingleFeatureScore): Excitation {
  const on = momentsWhere(set, task, 1);
  const off = momentsWhere(set, task, -1);
  const neurons = Array.from({ length: set.dimension }, (_, neuron) => ({
    neuron,
    mean: on.mean[neuron],
    deviation: on.deviation[neuron],
    restMean: off.mean[neuron],
    restDeviation: off.deviation[neuron],
    accuracy: scores ? scores.ofFeature[neuron] : null,
    excited: on.mean[neuron] > off.mean[neuron],
  })).sort((p, q) => q.mean - p.mean);
  const { name, kind, positives, negatives } = task;
  return { task: name, kind, positives, negatives, neurons };
}

function momentsWhere({ rows, dimension, values }: FeatureSet, { labels }: Task, kind: 1 | -1) {
  const mean = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  let n = 0;
  for (let row = 0; row < rows; row++) {
    if (labels[row] !== kind) continue;
    n++;
    for (let j = 0, at = row * dimension; j < dimension; j++, at++) {
      mean[j] += values[at];
      squares[j] += values[at] ** 2;
    }
  }
  for (let j = 0; j < dimension; j++) mean[j] /= n;
  const deviation = squares.map((sum, j) => Math.sqrt(Math.max(0, sum / n - mean[j] ** 2)));
  return { mean, deviation };
}
