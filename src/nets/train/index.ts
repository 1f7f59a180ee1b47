// src/nets/train: trains a net: batches of pairs, the step as one graph, margins, checkpoints, metrics, resuming.
export {
  type BatchMaker,
  createBatches,
  type FaceBatch,
  stepsPerEpoch,
} from "./batches.ts";
export type { RunOptions } from "./beginRun.ts";
export { type Checkpoint, checkCheckpointRoom, hasCheckpoint, loadCheckpoint } from "./checkpoint.ts";
export { type ChooseMatcherOptions, type ChosenMatcher, chooseMatcher } from "./chooseMatcher.ts";
export { COMBINE_DEFAULTS, type CombineOptions, combineModels } from "./combine.ts";
export { type Compared, compareWithReleased, describeCompared } from "./compareReleased.ts";
export { parseTraining, type Training, type TrainingConfig } from "./config.ts";
export { facesOfPart, type PartChoice, SPLIT_PARTS } from "./facesOfPart.ts";
export {
  type FitFromFeaturesOptions,
  type FittedMatcher,
  fitFromFeatures,
  type NamedFeatures,
} from "./fitFromFeatures.ts";
export { type FitMatcherFileOptions, fitMatcherFile } from "./fitMatcherFile.ts";
export { createHeldOut, type HeldOutPairs } from "./heldOut.ts";
export { initialConfig } from "./initConfig.ts";
export { matchingPeople } from "./matchingPeople.ts";
export { readMetrics, type TrainingMetric } from "./metrics.ts";
export {
  type CohortFeatures,
  type CohortOnCard,
  fitModelCohort,
  type ModelCohortOptions,
} from "./modelCohort.ts";
export { type PreparedFaces, prepareFaces, regionOf, splitFor } from "./prepare.ts";
export { readConfig } from "./readConfig.ts";
export { trainingFor } from "./regions.ts";
export { RELEASE_DEFAULTS, type ReleaseOptions, releaseRun } from "./release.ts";
export { type RunResult, runTraining } from "./run.ts";
export { type SelectOptions, selectParts } from "./selectParts.ts";
export { openStart, startOfRun } from "./start.ts";
export { readTeacher } from "./teacherFile.ts";
export type { TeacherFeatures } from "./teacherTargets.ts";
export type { TrainingFaces } from "./trainingFaces.ts";
