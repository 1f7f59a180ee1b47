/** One person or two, on a list of pairs, as LFW's protocol has it. */
import { basename } from "node:path";
import { count, formatPercent } from "../../../base/text/index.ts";
import {
  type Exclusions,
  excludePairs,
  pairsAmong,
  picturesIn,
  rowsOfPairs,
} from "../../../faces/data/index.ts";
import type { PairList } from "../../../matching/features/index.ts";
import {
  foldsOf,
  type MetricName,
  metricNamed,
  type NamedVerification,
  verifyBy,
} from "../../../matching/protocols/index.ts";
import { rocFigure } from "../../report/index.ts";
import type { Evaluation, Judged } from "./evaluation.ts";

export interface VerificationChoice {
  /** At least one; the first is the result, the others stand beside it. */
  readonly metrics: readonly MetricName[];
  /** Pairs to leave out for a second number; the first stays that of all. */
  readonly exclusions?: Exclusions;
}

export interface VerificationData extends NamedVerification {
  /** Pictures that the pairs name. */
  readonly images: number;
  readonly foldsFrom: string;
  /** Pairs of pictures that the features do not hold, which are not scored. */
  readonly pairsLeftOut?: number;
  /** Of all metrics, where several were asked for. */
  readonly metrics?: readonly NamedVerification[];
  readonly excluding?: {
    readonly file: string;
    readonly note: string;
    readonly metrics: readonly Omit<NamedVerification, "roc">[];
  };
}

/**
 * Scores the pairs of `list` whose pictures are rows of the features: each fold is decided by the threshold that is
 * best on the others. A list of one fold is dealt to ten at random. DataError where a fold is left without pairs.
 */
export function evaluateVerification(
  { set, ...compared }: Judged,
  list: PairList,
  { metrics, exclusions }: VerificationChoice,
): Evaluation<VerificationData> {
  const scoresOf = (asked: PairList) => {
    const { folds, dealt } = foldsOf(rowsOfPairs(asked, set.names));
    return { scores: metrics.map((name) => verifyBy(name, metricNamed(name, compared), set, folds)), dealt };
  };
  const pairs = pairsAmong(list, set.names);
  const left = list.folds.flat().length - pairs.folds.flat().length;
  const { scores, dealt } = scoresOf(pairs);
  const excluding = exclusions && {
    file: basename(exclusions.path),
    note: "an exclusion list of this project's own, not the correction that the paper speaks of",
    metrics: scoresOf(pairsAmong(excludePairs(list, exclusions), set.names)).scores.map(
      ({ roc: _, ...score }) => score,
    ),
  };
  const data: VerificationData = {
    ...scores[0],
    images: picturesIn(list).size,
    foldsFrom: dealt ? "the file has one fold: its pairs were dealt to ten at random" : "the file",
    ...(left > 0 && { pairsLeftOut: left }),
    ...(scores.length > 1 && { metrics: scores }),
    ...(excluding && { excluding }),
  };
  return {
    data,
    text: describe(scores, data, dealt),
    figure: () => rocFigure(scores.map(({ metric, auc, roc }) => ({ name: metric, auc, ...roc }))),
  };
}

function describe(
  scores: readonly NamedVerification[],
  { pairs, folds, images, excluding, pairsLeftOut }: VerificationData,
  dealt: boolean,
): string {
  return [
    ...scores.map(scoreLine),
    ...(excluding
      ? [
          `without ${pairs - excluding.metrics[0].pairs} pairs (${excluding.file}):`,
          ...excluding.metrics.map(scoreLine),
        ]
      : []),
    ...(pairsLeftOut ? [`${count(pairsLeftOut)} pairs are left out: a picture cannot be used`] : []),
    `${count(pairs)} pairs of ${count(images)} pictures in ${folds.length} folds${dealt ? " dealt at random" : ""}`,
  ].join("\n");
}

/** One line: "joint-bayesian  94.12 ± 0.31 %  AUC 0.9831 ...". */
export function scoreLine({ metric, accuracy, auc, equalErrorRate }: Omit<NamedVerification, "roc">): string {
  const percent = formatPercent(accuracy.mean, { digits: 2, error: accuracy.standardError });
  return `${metric.padEnd(14)}  ${percent}  AUC ${auc.toFixed(4)}  equal error rate ${formatPercent(equalErrorRate)}`;
}
