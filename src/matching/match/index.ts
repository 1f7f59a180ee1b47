// src/matching/match: compares faces by their features: Joint Bayesian, cosine, Euclidean, Hamming. Knows features only, never photos or nets.
export {
  type Calibration,
  calibrate,
  calibratedScore,
  probabilityAtEvenOdds,
} from "./calibration.ts";
export {
  type Cohort,
  type CohortStatistics,
  combinedScore,
  normalisedScore,
  normaliser,
} from "./cohort.ts";
export { codeOf, cosine, euclidean, hamming, hammingDistance } from "./distances.ts";
export { scoresAgainstPeople } from "./enrolment.ts";
export { COHORT_DEFAULTS, type CohortOptions, type CohortPeople, fitCohort } from "./fitCohort.ts";
export {
  fitJointBayesian,
  JOINT_BAYESIAN_DEFAULTS,
  type JointBayesianFit,
  type JointBayesianOptions,
} from "./fitJointBayesian.ts";
export {
  type FittedMatcher,
  fitMatcher,
  fitMatchers,
  MATCHER_DEFAULTS,
  type MatcherOptions,
} from "./fitMatcher.ts";
export { type GroupMetric, meanCosine, meanHamming, meanJointBayesian } from "./groupMetric.ts";
export {
  coordinates,
  type JointBayesian,
  type LikelihoodRatio,
  likelihoodRatio,
  type SetSummary,
} from "./jointBayesian.ts";
export { createMatcher, jointBayesian, type Matcher, type MatcherModel, projectFace } from "./matcher.ts";
export { codeProjections, createEncoder, MATCHER_CODE_BITS, matcherCodes } from "./matcherCodes.ts";
export {
  type OperatingPoint,
  operatingPoints,
  POINT_RATES,
  type PointName,
  pointAt,
  pointAtRate,
  pointInGallery,
  sharesAtLeast,
} from "./operatingPoints.ts";
export { type PairMetric, pairMetric, type RowPair, type ScoreParts } from "./pairMetric.ts";
export { type PairSlope, pairSlope } from "./pairSlope.ts";
export { type FeatureColumns, jointBayesianOn, projectFeatures } from "./projectFeatures.ts";
export { type RefitOptions, refitMatchers } from "./refitMatcher.ts";
export { calibrated, createScorer, type Score, type Scorer, type ScorerOptions } from "./scorer.ts";
export { scoresToStore } from "./storedCalibration.ts";
export { type CohortCalibration, cohortOfTensors, tensorsOfCohort } from "./storedCohort.ts";
export {
  matcherOfTensors,
  roundMatcher,
  type StoredMatcher,
  tensorsOfMatcher,
} from "./storedMatcher.ts";
