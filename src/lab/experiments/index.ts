// src/lab/experiments: from models, faces and files to results and pages: studies, the reproduction of the paper, the demo.
export { DEMO_DEFAULTS, type DemoOptions, planDemo } from "./demo/plan.ts";
export { type DemoResult, type RunDemoOptions, runDemo } from "./demo/run.ts";
export { writeDemo } from "./demo/write.ts";
export { describeComponents } from "./describeComponents.ts";
export { type BlufrChoice, type BlufrData, evaluateBlufr } from "./evaluate/blufr.ts";
export {
  type CodesChoice,
  type CodesData,
  evaluateCodes,
  type ScoredCodes,
} from "./evaluate/codes.ts";
export type { Evaluation, Judged } from "./evaluate/evaluation.ts";
export { evaluateGroups, type GroupsChoice, type GroupsData, peopleInGroups } from "./evaluate/groups.ts";
export {
  evaluateIdentification,
  type IdentificationChoice,
  type IdentificationData,
} from "./evaluate/identification.ts";
export {
  type CodesFiles,
  EVALUATIONS,
  metricsAsked,
  type Prepared,
  type VideoChoice,
} from "./evaluate/prepare.ts";
export {
  type Aligner,
  checkSubject,
  type FeatureWants,
  featuresOf,
  openSubject,
  type Subject,
  type SubjectChoice,
} from "./evaluate/subject.ts";
export {
  evaluateVerification,
  type VerificationChoice,
  type VerificationData,
} from "./evaluate/verification.ts";
export { evaluateVideos, type VideoData, type VideoMetric, videoMetric } from "./evaluate/video.ts";
export { extractPart } from "./extractPart.ts";
export { type FeatureChoice, type FeatureSource, openFeatureSource } from "./featureSource.ts";
export { mapData, mapText, writeMap } from "./map/drawMap.ts";
export { type FacesToMap, facesOfFile, facesOfGallery, facesOfPhotos } from "./map/facesToMap.ts";
export { onPage, type PageFigure, writeFigures } from "./pageFigures.ts";
export { type ReproduceChoices, reproduceAll } from "./reproduce/all.ts";
export { demoMaterial } from "./reproduce/demoMaterial.ts";
export { type LfwMaterial, lfwMaterial, type Material } from "./reproduce/material.ts";
export { type MeasuredTables, measureTables, type TablesOptions } from "./reproduce/measure.ts";
export {
  accuracyOf,
  type Reproduction,
  reproductionData,
  reproductionText,
  writeReproduction,
} from "./reproduce/page.ts";
export { type Peer, type PeerFiles, readPeer } from "./reproduce/peers.ts";
export { type TablesPage, writeTables } from "./reproduce/tablesPage.ts";
export { activationsPart } from "./study/activations.ts";
export { type AllOptions, allStudies, COMPARED_SIZES, judging } from "./study/all.ts";
export {
  CORRUPTION_NAMES,
  type CorruptionChoice,
  type PlannedCorruption,
  parseCorruption,
  plannedCorruptions,
} from "./study/corruptions.ts";
export { dropoutPart, readDropout } from "./study/dropout.ts";
export {
  type CompareOptions,
  namedFeatures,
  openStudied,
  type TaskOptions,
  tasksOf,
} from "./study/features.ts";
export { type LookOptions, lookOfNeuron, type NeuronLook } from "./study/neuronLook.ts";
export { neuronText, studyNeuron, writeNeuronPage } from "./study/neuronStudy.ts";
export { type StudyPart, type StudySource, studyData, studyText, writeStudies } from "./study/page.ts";
export {
  neuronSlopes,
  type PixelWorth,
  pairSlopes,
  pixelWorth,
  worthOfPlaces,
} from "./study/pixelWorth.ts";
export type { SourceOptions } from "./study/robustSources.ts";
export { type RobustStudyOptions, robustnessStudy } from "./study/robustStudy.ts";
export { selectivityPart } from "./study/selectivity.ts";
export { sparsityPart } from "./study/sparsity.ts";
export { parseSpoiled, type SpoiledFeatures, type SpoiledFile, spoiledStudy } from "./study/spoiled.ts";
export type { StudySubjects } from "./study/subjects.ts";
export { openTrainingFaces, type TrainedModel, type TrainOptions, train } from "./trainModel.ts";
export {
  describeCombined,
  describeNets,
  describeRegion,
  describeSelection,
  type RegionModel,
  type TrainRegionsOptions,
  trainRegions,
} from "./trainRegions.ts";
export {
  describeTrained,
  placeForRun,
  startFrom,
  type TrainRunOptions,
  trainRun,
  writeInitialConfig,
} from "./trainRun.ts";
