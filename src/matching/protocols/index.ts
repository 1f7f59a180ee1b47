// src/matching/protocols: how a system is scored: verification of pictures, videos and codes over folds, identification, BLUFR.
export { BLUFR_RATES, type BlufrResult, blufr } from "./blufr.ts";
export {
  type BinaryCodesOptions,
  type BinaryCodesResult,
  type BitThreshold,
  binaryCodes,
} from "./codes.ts";
export {
  BLUFR_SIZES,
  type BlufrSizes,
  type BlufrTrial,
  type DrawOptions,
  drawBlufrTrial,
  drawIdentificationLists,
  IDENTIFICATION_SIZES,
  type IdentificationLists,
  type IdentificationSizes,
} from "./drawLists.ts";
export {
  type Estimate,
  EVERYBODY,
  GROUPS_DEFAULTS,
  type GroupResult,
  type GroupsOptions,
  type GroupsResult,
  pairsOfGroup,
  verificationByGroup,
} from "./groups.ts";
export {
  type ClosedSet,
  closedSet,
  type Detection,
  type Enrolment,
  enrolByBest,
  enrolBySet,
  type OpenSet,
  openSet,
  REPORTED_ALARM_RATES,
  REPORTED_RANKS,
} from "./identification.ts";
export { type LargestScores, largestScores } from "./impostors.ts";
export { assertDisjoint, assertNoOverlap } from "./overlap.ts";
export {
  foldsOf,
  METRIC_NAMES,
  type MetricName,
  metricNamed,
  type NamedVerification,
  verifyBy,
} from "./pairVerification.ts";
export {
  type BlufrSummary,
  blufrTrials,
  type IdentificationSummary,
  identification,
  type OpenSetSummary,
  type RepeatedOptions,
} from "./repeated.ts";
export {
  areaUnder,
  equalErrorRate,
  type Roc,
  rocOverFolds,
  truePositiveRateAt,
} from "./roc.ts";
export { type LabelledPair, type ScoredPair, scoreFolds } from "./scoredPairs.ts";
export { type ScoreTable, type ScoreTableOptions, scoreTable } from "./scoreTable.ts";
export { type Spread, spreadOf } from "./spread.ts";
export {
  accuracyAt,
  bestThreshold,
  bestThresholdAccuracy,
  crossValidatedAccuracy,
  type Threshold,
} from "./threshold.ts";
export { REPORTED_RATES, type Verification, verification } from "./verification.ts";
export { folderOf, scoreVideoFolds } from "./video.ts";
