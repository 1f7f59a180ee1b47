/**
 * Histograms of activations: neurons that fire for half of all pictures fire always, or never, for one person or
 * attribute. Paper: Section 6.3, Figs 1, 12 and 13.
 */

import { InputError } from "../../base/errors/index.ts";
import { createRng, shuffle } from "../../base/random/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import type { SingleFeatureScore, Task } from "../../matching/probes/index.ts";
import { dealHalves } from "../../matching/probes/index.ts";
import { excitation, type NeuronProfile } from "./excitation.ts";
import { type Histogram, histogram } from "./summary.ts";

/** One neuron over some pictures. */
export interface ActivationPanel {
  readonly neuron: number;
  /** Balanced accuracy on the row's class, where the neuron was chosen for it. */
  readonly accuracy: number | null;
  /** How it was chosen for the row's class; null where it was chosen for another or for none. */
  readonly chosenAs: "excited" | "inhibited" | null;
  /** Share of the pictures for which it fires. */
  readonly fires: number;
  readonly histogram: Histogram;
}

export interface ActivationRow {
  /** "all pictures", a person, an attribute. */
  readonly name: string;
  readonly panels: readonly ActivationPanel[];
}

/** Rows that belong to one figure. */
export interface ActivationGroup {
  readonly name: string;
  readonly rows: readonly ActivationRow[];
}

export interface ActivationStudy {
  /** Upper end of every histogram; activations above it count in the last bin. */
  readonly to: number;
  readonly groups: readonly ActivationGroup[];
  /** For every class: how often its most excited and inhibited neurons fire on it, and on all; on pictures they were not chosen by. */
  readonly classes: readonly ClassFiring[];
}

export interface ClassFiring {
  readonly task: string;
  readonly excited: { readonly onClass: number; readonly onAll: number };
  readonly inhibited: { readonly onClass: number; readonly onAll: number };
}

export interface ActivationOptions {
  readonly seed: number;
  /** Neurons of each kind. */
  readonly neurons?: number;
  /** People drawn, those with most pictures. */
  readonly people?: number;
  /** Attributes drawn besides sex and race, as far as there are tasks for them. */
  readonly asked?: readonly string[];
  readonly bins?: number;
}

export const ACTIVATION_DEFAULTS = {
  seed: 1,
  neurons: 5,
  people: 2,
  bins: 24,
} as const satisfies ActivationOptions;

/** The attributes of Fig. 13, as far as there are tasks for them. */
const ATTRIBUTE_GROUPS = [
  ["sex", ["Male", "Female"]],
  ["race", ["White", "Black", "Asian", "Indian"]],
] as const;

/** How much more, or less, often than for all pictures a neuron must fire for a class. */
export const SHIFT = 0.2;

/** `scores` hold every feature's accuracy on the tasks of the same place. */
export function activationStudy(
  set: FeatureSet,
  tasks: readonly Task[],
  scores: readonly SingleFeatureScore[],
  options: ActivationOptions = ACTIVATION_DEFAULTS,
): ActivationStudy {
  if (tasks.length !== scores.length) {
    throw new InputError(`activationStudy: ${tasks.length} tasks need as many scores, got ${scores.length}`);
  }
  const { seed, neurons, people, bins } = { ...ACTIVATION_DEFAULTS, ...options };
  const { asked = [] } = options;
  const to = highActivation(set);
  const draw = (neuron: number, isIn: (row: number) => boolean, chosen: Partial<ActivationPanel> = {}) => {
    const values = valuesOf(set, neuron, isIn);
    const fires = values.filter((value) => value > 0).length / values.length;
    return {
      neuron,
      accuracy: null,
      chosenAs: null,
      fires,
      ...chosen,
      histogram: histogram(values, { from: 0, to, bins }),
    };
  };
  const best = tasks.map((task, t) => bestNeurons(set, task, scores[t], neurons));
  const random = shuffle([...Array(set.dimension).keys()], createRng(seed).fork("neurons drawn")).slice(
    0,
    neurons,
  );
  const inAll = () => true;
  const groups: ActivationGroup[] = [
    {
      name: "people",
      rows: [
        { name: "all pictures", panels: random.sort((a, b) => a - b).map((neuron) => draw(neuron, inAll)) },
        ...tasks.flatMap((task, t) => {
          const place = tasks.filter(({ kind }) => kind === "person").indexOf(task);
          if (place < 0 || place >= people) return [];
          return (["excited", "inhibited"] as const).map((chosenAs) => ({
            name: task.name,
            panels: best[t][chosenAs].map(({ neuron, accuracy }) =>
              draw(neuron, (row) => task.labels[row] > 0, { chosenAs, accuracy }),
            ),
          }));
        }),
      ],
    },
  ];
  for (const [name, members] of [...ATTRIBUTE_GROUPS, ["asked", asked] as const]) {
    const present = members.flatMap((member) => {
      const t = tasks.findIndex((task) => task.kind === "attribute" && task.name === member);
      return t < 0 || best[t].excited.length === 0 || best[t].inhibited.length === 0 ? [] : [t];
    });
    if (present.length < (name === "asked" ? 1 : 2)) continue;
    const columns = present.flatMap((t) =>
      (["excited", "inhibited"] as const).map((chosenAs) => ({ t, chosenAs, ...best[t][chosenAs][0] })),
    );
    groups.push({
      name,
      rows: present.map((t) => ({
        name: tasks[t].name,
        panels: columns.map(({ neuron, accuracy, chosenAs, t: of }) =>
          draw(neuron, (row) => tasks[t].labels[row] > 0, of === t ? { chosenAs, accuracy } : {}),
        ),
      })),
    });
  }
  return { to, groups, classes: firingOfClasses(set, tasks, { seed, neurons }) };
}

interface BestNeurons {
  readonly excited: readonly NeuronProfile[];
  readonly inhibited: readonly NeuronProfile[];
}

/** The neurons of highest accuracy among those that lie higher on the class, and among those that lie lower. */
function bestNeurons(set: FeatureSet, task: Task, score: SingleFeatureScore, count: number): BestNeurons {
  const { neurons } = excitation(set, task, score);
  const of = (excited: boolean) =>
    neurons
      .filter((neuron) => neuron.excited === excited)
      .sort((p, q) => q.accuracy! - p.accuracy! || p.neuron - q.neuron)
      .slice(0, count);
  return { excited: of(true), inhibited: of(false) };
}

/**
 * How often the neurons that fire most, and least, often for a class in one half of the pictures, beyond all, fire in the
 * other half; the mean of both directions. Chosen and judged on the same pictures, noise would pass too.
 */
function firingOfClasses(
  set: FeatureSet,
  tasks: readonly Task[],
  { seed, neurons }: { seed: number; neurons: number },
): ClassFiring[] {
  const halves = dealHalves(set, "picture", createRng(seed).fork("halves"));
  const ofAll = [0, 1].map((half) => firingShares(set, (row) => halves[row] === half));
  return tasks.map(({ name, labels }) => {
    const onClass = [0, 1].map((half) => firingShares(set, (row) => halves[row] === half && labels[row] > 0));
    const judged = (direction: 1 | -1) => {
      const mean = { onClass: 0, onAll: 0 };
      for (const learn of [0, 1]) {
        const excess = onClass[learn].map((share, j) => direction * (share - ofAll[learn][j]));
        const chosen = [...excess.keys()].sort((p, q) => excess[q] - excess[p] || p - q).slice(0, neurons);
        for (const j of chosen) {
          mean.onClass += onClass[1 - learn][j] / (2 * chosen.length);
          mean.onAll += ofAll[1 - learn][j] / (2 * chosen.length);
        }
      }
      return mean;
    };
    return { task: name, excited: judged(1), inhibited: judged(-1) };
  });
}

/** [dimension]: the share of the rows that `isIn` takes for which each neuron fires; 0 of none. */
function firingShares({ rows, dimension, values }: FeatureSet, isIn: (row: number) => boolean): Float64Array {
  const fired = new Float64Array(dimension);
  let taken = 0;
  for (let row = 0; row < rows; row++) {
    if (!isIn(row)) continue;
    taken++;
    for (let j = 0; j < dimension; j++) if (values[row * dimension + j] > 0) fired[j]++;
  }
  return fired.map((count) => count / Math.max(1, taken));
}

function valuesOf(
  { rows, dimension, values }: FeatureSet,
  neuron: number,
  isIn: (row: number) => boolean,
): number[] {
  const found: number[] = [];
  for (let row = 0; row < rows; row++) if (isIn(row)) found.push(values[row * dimension + neuron]);
  return found;
}

/** An activation that 1 in 200 exceeds: some hundred thousand of them tell. */
function highActivation({ values }: FeatureSet): number {
  const every = Math.max(1, Math.floor(values.length / 200_000));
  const sample = values.filter((_, i) => i % every === 0).sort();
  return Math.max(sample[Math.floor(0.995 * (sample.length - 1))], 1e-6);
}
