/**
 * Face verification over folds: is it one person or two? Paper: Section 4, the protocol of LFW's View 2 (and
 * of YouTube Faces): each fold is decided by the threshold that is best on the other folds.
 */
import { InputError } from "../../base/errors/index.ts";
import { areaUnder, equalErrorRate, type Roc, rocOverFolds, thin, truePositiveRateAt } from "./roc.ts";
import { checkScores, type ScoredPair } from "./scoredPairs.ts";
import { accuracyAt, bestThreshold } from "./threshold.ts";

/** All rates are shares from 0 to 1. Plain data, ready for JSON. */
export interface Verification {
  /** Name of the metric that scored the pairs. */
  readonly metric: string;
  readonly pairs: number;
  /** Mean of the folds' accuracies, and its standard error: their standard deviation over √folds. */
  readonly accuracy: { readonly mean: number; readonly standardError: number };
  /** Accuracy of each fold, and the threshold it was decided by. */
  readonly folds: readonly number[];
  readonly thresholds: readonly number[];
  /** Area under the ROC. */
  readonly auc: number;
  readonly equalErrorRate: number;
  /** True positive rates at fixed false positive rates. */
  readonly truePositiveRateAt: readonly { readonly falsePositiveRate: number; readonly rate: number }[];
  /** The ROC, averaged over folds, with fewer points. */
  readonly roc: Roc;
}

/** False positive rates at which true positive rates are reported. */
export const REPORTED_RATES = [0.1, 0.01, 0.001] as const;

/**
 * Decides every fold by the threshold that is best on the others. Whatever was learned beforehand must not have seen
 * the pairs at all; then only the threshold is left to cross-validate. At least two folds, each with pairs of one
 * person and of two.
 */
export function verification(folds: readonly (readonly ScoredPair[])[], metric: string): Verification {
  if (!(folds.length >= 2)) throw new InputError(`verification: needs at least 2 folds, got ${folds.length}`);
  for (const [k, fold] of folds.entries()) checkScores(`verification: fold ${k}`, fold);
  const thresholds = folds.map(
    (_, k) => bestThreshold(folds.filter((_, other) => other !== k).flat()).threshold,
  );
  const accuracies = folds.map((fold, k) => accuracyAt(fold, thresholds[k]));
  const roc = rocOverFolds(folds);
  return {
    metric,
    pairs: folds.reduce((sum, fold) => sum + fold.length, 0),
    accuracy: meanAndError(accuracies),
    folds: accuracies,
    thresholds,
    auc: areaUnder(roc),
    equalErrorRate: equalErrorRate(roc),
    truePositiveRateAt: REPORTED_RATES.map((rate) => ({
      falsePositiveRate: rate,
      rate: truePositiveRateAt(roc, rate),
    })),
    roc: thin(roc),
  };
}

/** The mean and s/√n, with s² = Σ (value - mean)² / (n - 1). */
function meanAndError(values: readonly number[]): { mean: number; standardError: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, standardError: Math.sqrt(variance / n) };
}
