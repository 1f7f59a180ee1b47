// src/nets/net: the DeepID2+ and DeepID2 nets, their two training signals, features from faces, and released model folders.

export type { FaceReader } from "../../faces/face/index.ts";
export { adoptWeights, type Start } from "./adopt.ts";
export { buildNet, facesInput } from "./build.ts";
export type { Precision } from "./compact.ts";
export { DEEPID2, DEEPID2PLUS, type NetConfig, stageSizes } from "./config.ts";
export type { Activations } from "./deepid2plus.ts";
export { type FaceNet, followNet, type InputSize, openNet, releasedOnnx, toNetInput } from "./faceNet.ts";
export { extractActivations, extractFeatures, type FeatureOptions, featureSource } from "./features.ts";
export { foldWeights } from "./fold.ts";
export {
  arcFaceLandmarks,
  type NetInput,
  openImportedNet,
  pictureInput,
  regionOfLandmarks,
} from "./importedNet.ts";
export { type ImportedModel, importModel, replaceMatcher } from "./importModel.ts";
export { dropout } from "./layers.ts";
export { sha256 } from "./listedFile.ts";
export {
  copyModel,
  type FaceModel,
  type ModelCard,
  openModel,
  RegionSchema,
  type Release,
  readCard,
  writeModel,
} from "./modelFolder.ts";
export { checkSameNet } from "./sameNet.ts";
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
  isSystem,
  keepIn,
  lengthOf,
  openSystem,
  type PartCache,
  partsOf,
  readSystemCard,
  readVariants,
  type SystemCard,
  type SystemFeatureOptions,
  systemFeatures,
  type VariantMatcher,
  writeSystem,
} from "./system.ts";
export { cropsForTrial, type Trial, tryNet } from "./trialRun.ts";
export { releasedWeights, unfoldWeights } from "./unfold.ts";
export { wholeFront } from "./wholeFront.ts";
