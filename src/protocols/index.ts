// src/protocols: how a system is scored: verification over folds of pairs, thresholds, the ROC.
export { assertDisjoint, assertNoOverlap } from "./overlap.ts";
export type { PairList } from "./pairs.ts";
export {
  areaUnder,
  equalErrorRate,
  type Roc,
  rocOverFolds,
  truePositiveRateAt,
} from "./roc.ts";
export { type LabelledPair, type ScoredPair, scoreFolds } from "./scoredPairs.ts";
export {
  accuracyAt,
  bestThreshold,
  bestThresholdAccuracy,
  crossValidatedAccuracy,
  type Threshold,
} from "./threshold.ts";
export { REPORTED_RATES, type Verification, verification } from "./verification.ts";
