/**
 * Are the activations moderately sparse? Paper: Section 5 and Fig. 6: about half of the neurons fire for a picture,
 * and a neuron fires for about half of the pictures. Fires: its activation is positive.
 */

import { InputError } from "../../base/errors/index.ts";
import { count, formatPercent } from "../../base/text/index.ts";
import { binarise, type FeatureSet } from "../../matching/features/index.ts";
import { hamming } from "../../matching/match/index.ts";
import { type LabelledPair, scoreFolds, verification } from "../../matching/protocols/index.ts";
import type { Finding } from "./finding.ts";
import { type Histogram, histogram, type Summary, summarise } from "./summary.ts";

export interface Sparsity {
  readonly pictures: number;
  readonly neurons: number;
  /** Share of the neurons that fire, over pictures; each from 0 to 1. */
  readonly ofNeurons: Summary & { readonly histogram: Histogram };
  /** Share of the pictures for which a neuron fires, over neurons. */
  readonly ofPictures: Summary & { readonly histogram: Histogram };
  /** Neurons that never fire, and that always do. */
  readonly silent: number;
  readonly constant: number;
}

/** Bins of both histograms. */
export const SPARSITY_BINS = 50;

/** Means so near to one half count as moderate. The paper's own is 0.57. */
export const MODERATE = { from: 0.35, to: 0.65 } as const;

/**
 * Counts firing neurons over the columns of `set`. The two means are one number, counted by rows and by columns:
 * a difference would be an error of ours and is thrown as one.
 */
export function sparsity(set: FeatureSet): Sparsity {
  const { rows, dimension, values } = set;
  if (!(rows >= 1)) throw new InputError("sparsity: needs at least one picture, got none");
  const ofPicture = new Float64Array(rows);
  const ofNeuron = new Float64Array(dimension);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < dimension; j++, at++) {
      if (values[at] > 0) {
        ofPicture[row]++;
        ofNeuron[j]++;
      }
    }
  }
  const byPicture = shares(ofPicture, dimension);
  const byNeuron = shares(ofNeuron, rows);
  if (!(Math.abs(byPicture.mean - byNeuron.mean) < 1e-9)) {
    throw new Error(
      `sparsity: counted twice, ${byPicture.mean} of the neurons and ${byNeuron.mean} of the pictures`,
    );
  }
  return {
    pictures: rows,
    neurons: dimension,
    ofNeurons: byPicture,
    ofPictures: byNeuron,
    silent: ofNeuron.filter((count) => count === 0).length,
    constant: ofNeuron.filter((count) => count === rows).length,
  };
}

function shares(counts: Float64Array, of: number): Summary & { histogram: Histogram } {
  const values = counts.map((count) => count / of);
  return { ...summarise(values), histogram: histogram(values, { from: 0, to: 1, bins: SPARSITY_BINS }) };
}

/** One point of the sweep: codes of which the share `active` of the bits is 1. */
export interface SweepPoint {
  /** The share aimed at; null for the features' own threshold, zero. */
  readonly aim: number | null;
  readonly active: number;
  /** Verification by Hamming distance. */
  readonly accuracy: number;
  readonly standardError: number;
}

export const SWEEP_SHARES: readonly number[] = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * Does discrimination suffer when sparsity is forced away from one half? Each neuron gets the threshold that the
 * share `aim` of its activations exceeds, and the codes are compared by Hamming distance. Activations end in a ReLU,
 * so a neuron cannot be made to fire more often than it does: `active` says what was reached, and aims that reach
 * nothing new are left out. Thresholds look at the pictures without their names.
 */
export function sparsitySweep(
  set: FeatureSet,
  folds: readonly (readonly LabelledPair[])[],
  aims: readonly number[] = SWEEP_SHARES,
): SweepPoint[] {
  const own = sweepPoint(set, folds, { aim: null, thresholds: new Float32Array(set.dimension) });
  const points: SweepPoint[] = [];
  for (const { aim, thresholds } of quantileThresholds(set, aims)) {
    const point = sweepPoint(set, folds, { aim, thresholds });
    const isNew = points.every(({ active }) => Math.abs(active - point.active) > 0.005);
    if (isNew && point.active !== own.active) points.push(point);
  }
  return [own, ...points];
}

function sweepPoint(
  set: FeatureSet,
  folds: readonly (readonly LabelledPair[])[],
  { aim, thresholds }: { aim: number | null; thresholds: Float32Array },
): SweepPoint {
  const { accuracy } = verification(scoreFolds(hamming(thresholds), set, folds), "hamming");
  const { codes, bits, rows } = binarise(set, thresholds);
  let ones = 0;
  for (const word of codes) for (let rest = word; rest !== 0; rest &= rest - 1) ones++;
  return {
    aim,
    active: ones / (bits * rows),
    accuracy: accuracy.mean,
    standardError: accuracy.standardError,
  };
}

/** For each aim the thresholds [dimension] that this share of a column exceeds, where so many exceed any. */
function quantileThresholds({ rows, dimension, values }: FeatureSet, aims: readonly number[]) {
  const wrong = aims.find((aim) => !(aim > 0 && aim < 1));
  if (wrong !== undefined) throw new InputError(`sparsity: shares must be in (0, 1), got ${wrong}`);
  const wanted = aims.map((aim) => ({ aim, thresholds: new Float32Array(dimension) }));
  const column = new Float32Array(rows);
  for (let j = 0; j < dimension; j++) {
    for (let row = 0; row < rows; row++) column[row] = values[row * dimension + j];
    column.sort();
    // Values above column[k] are at most rows - 1 - k of them.
    for (const { aim, thresholds } of wanted) {
      const above = Math.min(rows - 1, Math.max(1, Math.round(aim * rows)));
      thresholds[j] = column[rows - 1 - above];
    }
  }
  return wanted;
}

/** Whether the paper's claim holds. */
export function sparsityFinding({ ofNeurons, ofPictures, neurons, pictures }: Sparsity): Finding {
  const { mean } = ofNeurons;
  const holds = mean >= MODERATE.from && mean <= MODERATE.to;
  const spread = ({ mean: share, deviation }: Summary, of: number) =>
    `${formatPercent(share)} ± ${formatPercent(deviation)} (${count(Math.round(share * of))} ± ` +
    `${count(Math.round(deviation * of))} of ${count(of)})`;
  return {
    study: "sparsity",
    claim: "About half of the neurons fire for a picture, and a neuron fires for about half of the pictures.",
    where: "Section 5, Fig. 6",
    holds,
    verdict:
      `${holds ? "Holds" : "Does not hold"} here: on average ${formatPercent(mean)} of the neurons fire for a picture, and a ` +
      `neuron fires for ${formatPercent(ofPictures.mean)} of the pictures, ` +
      `${holds ? "inside" : "outside"} ${formatPercent(MODERATE.from, { digits: 0 })} to ${formatPercent(MODERATE.to, { digits: 0 })}.`,
    numbers: [
      {
        what: "neurons that fire for a picture",
        paper: "57.0 % ± 6.6 % (292 ± 34 of 512)",
        ours: spread(ofNeurons, neurons),
      },
      {
        what: "pictures for which a neuron fires",
        paper: "57.0 % ± 12.3 % (26,565 ± 5,754 of 46,594)",
        ours: spread(ofPictures, pictures),
      },
    ],
  };
}
