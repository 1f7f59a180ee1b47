/** Everything about one neuron: when it fires, for whom, for what, and for which pictures most. */
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { createFeatureSet, type FeatureSet } from "../../matching/features/index.ts";
import type { Task } from "../../matching/probes/index.ts";
import { canAsk, dealHalves, singleFeatureScores } from "../../matching/probes/index.ts";
import { excitation } from "./excitation.ts";
import { type Histogram, histogram, type Summary, summarise } from "./summary.ts";

/** The neuron on one person or attribute. */
export interface DossierEntry {
  readonly name: string;
  readonly kind: Task["kind"];
  readonly pictures: number;
  readonly mean: number;
  readonly restMean: number;
  /** Balanced accuracy of the neuron alone, two-fold. */
  readonly accuracy: number;
  readonly excited: boolean;
}

export interface Dossier {
  readonly neuron: number;
  readonly activation: Summary & { readonly histogram: Histogram; readonly most: number };
  /** Share of the pictures for which it fires. */
  readonly fires: number;
  /** People and attributes, the best told first. */
  readonly entries: readonly DossierEntry[];
  /** Rows of the pictures with the highest activations, the highest first. */
  readonly top: readonly number[];
}

export interface DossierOptions {
  readonly seed?: number;
  /** Pictures among the highest. */
  readonly pictures?: number;
}

export const DOSSIER_DEFAULTS = { seed: 1, pictures: 12 } as const satisfies DossierOptions;

export async function neuronDossier(
  set: FeatureSet,
  neuron: number,
  { tasks, ...options }: DossierOptions & { readonly tasks: readonly Task[] },
): Promise<Dossier> {
  const { rows, dimension, values } = set;
  if (!(Number.isInteger(neuron) && neuron >= 0 && neuron < dimension)) {
    throw new InputError(`neuron: the features have neurons 0 to ${dimension - 1}, got ${neuron}`);
  }
  const { seed, pictures } = { ...DOSSIER_DEFAULTS, ...options };
  const column = Float32Array.from({ length: rows }, (_, row) => values[row * dimension + neuron]);
  const alone = createFeatureSet(column, 1, set);
  const halves = dealHalves(set, "picture", createRng(seed).fork("dossier"));
  const fair = tasks.filter((task) => canAsk(task, halves));
  const scores = await singleFeatureScores(alone, fair, halves);
  const entries = fair.map((task, t) => {
    const [profile] = excitation(alone, task, scores[t]).neurons;
    const { mean, restMean, excited } = profile;
    const { name, kind, positives } = task;
    return { name, kind, pictures: positives, mean, restMean, excited, accuracy: scores[t].accuracy };
  });
  const most = column.reduce((high, value) => Math.max(high, value), 0);
  return {
    neuron,
    activation: {
      ...summarise(column),
      histogram: histogram(column, { from: 0, to: most || 1, bins: 40 }),
      most,
    },
    fires: column.filter((value) => value > 0).length / rows,
    entries: entries.sort((p, q) => q.accuracy - p.accuracy || (p.name < q.name ? -1 : 1)),
    top: [...column.keys()].sort((a, b) => column[b] - column[a] || a - b).slice(0, pictures),
  };
}
