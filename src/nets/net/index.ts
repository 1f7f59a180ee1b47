// src/nets/net: the DeepID2+ and DeepID2 nets, their two training signals, and features from faces.

export type { FaceReader } from "../../faces/face/index.ts";
export { adoptWeights, type Start } from "./adopt.ts";
export { buildNet, facesInput } from "./build.ts";
export {
  type ModelCard,
  type NewSystemCard,
  parseCard,
  parseSystemCard,
  RegionSchema,
  SYSTEM_CARD,
  type SystemCard,
} from "./card.ts";
export { type Precision, storedValues } from "./compact.ts";
export { DEEPID2, DEEPID2PLUS, NARROW, type NetConfig, stageSizes } from "./config.ts";
export type { Activations } from "./deepid2plus.ts";
export {
  type FaceGradient,
  type FaceSlopes,
  faceGradient,
  type GradientSessions,
  gradientOnnx,
  inViews,
} from "./faceGradient.ts";
export {
  type FaceNet,
  faceNet,
  type InputSize,
  releasedNet,
  toNetInput,
} from "./faceNet.ts";
export { extractActivations, extractFeatures, type FeatureOptions, featureSource } from "./features.ts";
export { foldWeights } from "./fold.ts";
export {
  arcFaceLandmarks,
  type ImportedNet,
  importedNet,
  type NetInput,
  pictureInput,
  regionOfLandmarks,
} from "./importedNet.ts";
export { dropout, EPSILON } from "./layers.ts";
export { type FaceModel, MODEL_FILES, modelOf, withoutCohort } from "./model.ts";
export { onnxInTraining, releasedOnnx } from "./netOnnx.ts";
export { isOwnNet } from "./ownNet.ts";
export {
  filled,
  gaussian,
  type Parameter,
  recordingScope,
  releasedScope,
  type Scope,
  type Weights,
} from "./scope.ts";
export { identification, meanNorm, sameIdentity, verification } from "./signals.ts";
export {
  type FaceSystem,
  lengthOf,
  type PartCache,
  type SystemFeatureOptions,
  systemFeatures,
  systemOf,
} from "./system.ts";
export { cropsForTrial, type Trial, tryNet } from "./trialRun.ts";
export { wholeFront } from "./wholeFront.ts";
