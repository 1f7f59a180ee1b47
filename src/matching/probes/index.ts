// src/matching/probes: classifiers of a person or an attribute on frozen features: one neuron and a threshold, or a linear SVM on all.
export {
  type AllFeaturesOptions,
  type AllFeaturesScore,
  allFeaturesScores,
  firstHalfClassifiers,
  type LinearClassifier,
  SVM_COSTS,
} from "./allFeatures.ts";
export { dealHalves, type Halves, type SplitBy } from "./halves.ts";
export {
  fitLinearSvms,
  type LinearSvms,
  SVM_DEFAULTS,
  type SvmOptions,
  type SvmProblem,
} from "./linearSvm.ts";
export { canAsk, type Rule, type SingleFeatureScore, singleFeatureScores } from "./singleFeature.ts";
export {
  ATTRIBUTE_TASK_DEFAULTS,
  attributeTasks,
  PERSON_TASK_DEFAULTS,
  personTasks,
  STUDIED_ATTRIBUTES,
  type Task,
} from "./tasks.ts";
