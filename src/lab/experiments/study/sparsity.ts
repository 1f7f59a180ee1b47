/** The study of sparsity, from features to its part of the page. */

import { formatPercent } from "../../../base/text/index.ts";
import type { FeatureSet } from "../../../matching/features/index.ts";
import type { LabelledPair } from "../../../matching/protocols/index.ts";
import { numeric, sparsityFigure, sweepFigure, type Table } from "../../report/index.ts";
import {
  type NamedFeatures,
  type Sparsity,
  type SweepPoint,
  sparsity,
  sparsityFinding,
  sparsitySweep,
} from "../../studies/index.ts";
import type { PageFigure } from "../pageFigures.ts";
import type { StudyPart } from "./page.ts";

export interface SparsityPartOptions {
  /** Pairs of rows of the set, for the sweep over thresholds. */
  readonly folds?: readonly (readonly LabelledPair[])[];
  /** The other taps of the net, for the same counts. */
  readonly taps?: readonly NamedFeatures[];
}

export function sparsityPart(set: FeatureSet, { folds, taps = [] }: SparsityPartOptions = {}): StudyPart {
  const result = sparsity(set);
  const ofTaps = taps.map((tap) => ({ name: tap.name, ...sparsity(tap.set) }));
  const finding = sparsityFinding(result);
  const sweep = folds ? sparsitySweep(set, folds) : undefined;
  const best = sweep?.reduce((p, q) => (q.accuracy > p.accuracy ? q : p));
  const own = sweep?.[0];
  return {
    title: "Sparse",
    finding: sweep ? { ...finding, numbers: [...finding.numbers, ...sweepNumbers(own!, best!)] } : finding,
    result: { ...result, sweep, taps: ofTaps.length > 0 ? ofTaps : undefined },
    tables: ofTaps.length > 1 ? [tapsTable(ofTaps)] : [],
    prose: sweep ? [sweepSentence(sweep)] : [],
    figures: [
      {
        file: "sparsity",
        svg: sparsityFigure(result),
        caption:
          "Fig. 6: neurons that fire for each picture (left), pictures for which each neuron fires (right).",
        data: result,
      },
      ...(sweep ? [sweepPicture(sweep)] : []),
    ],
  };
}

const tapsTable = (taps: readonly (Sparsity & { name: string })[]): Table => ({
  caption: "Every layer: mean and spread of the shares; neurons that never fire, and that always do",
  columns: [
    { name: "Layer" },
    ...numeric("Neurons firing for a picture", "Pictures a neuron fires for", "Never", "Always"),
  ],
  rows: taps.map(({ name, ofNeurons, ofPictures, silent, constant }) => [
    name,
    ...[ofNeurons, ofPictures].map(
      ({ mean, deviation }) => `${formatPercent(mean)} ± ${formatPercent(deviation)}`,
    ),
    silent,
    constant,
  ]),
});

const sweepPicture = (sweep: readonly SweepPoint[]): PageFigure => ({
  file: "sparsity-sweep",
  svg: sweepFigure(sweep),
  data: sweep,
  caption:
    "Verification by the Hamming distance of binary codes when each neuron's threshold is moved so that more or " +
    "fewer pictures exceed it; bars are standard errors. The ring is the paper's threshold, zero.",
});

const sweepNumbers = (own: SweepPoint, best: SweepPoint) => [
  {
    what: "verification by Hamming distance, bits above zero",
    paper: "96.45 %",
    ours: formatPercent(own.accuracy, { digits: 2 }),
  },
  {
    what: "the best of the sweep, chosen on these same pairs: optimistic",
    ours: `${formatPercent(best.accuracy, { digits: 2 })} with ${formatPercent(best.active, { digits: 0 })} of the bits 1`,
  },
];

function sweepSentence(sweep: readonly SweepPoint[]): string {
  const sparsest = sweep.reduce((p, q) => (q.active < p.active ? q : p));
  const best = sweep.reduce((p, q) => (q.accuracy > p.accuracy ? q : p));
  return (
    `Forced away from one half the codes tell less: with ${formatPercent(sparsest.active, { digits: 0 })} of the bits 1 verification is ` +
    `right for ${formatPercent(sparsest.accuracy)} of the pairs, with ${formatPercent(best.active, { digits: 0 })} for ${formatPercent(best.accuracy)}.`
  );
}
