/**
 * deepid2plus: DeepID2+ face recognition.
 *
 * @example
 * await using faces = await openRecognizer();
 * const answer = await faces.verify("a.jpg", "b.jpg");
 * console.log(answer.ok ? answer.samePerson : answer.message);
 */

export { DataError, InputError } from "./base/errors/index.ts";
export {
  type AlignedFaces,
  facesInMemory,
  openAlignedFaces,
  openCelebA,
  openLfw,
  openPeople,
  readAttributes,
} from "./faces/data/index.ts";
export {
  foundPicture,
  openDefaultLocator,
  openYunetLocator,
  type ShownFace,
  type YunetOptions,
} from "./faces/detectors/index.ts";
export {
  alignFace,
  cropRegion,
  type Landmarks,
  type Region,
  TEMPLATE,
  WHOLE_FACE,
} from "./faces/face/index.ts";
export type { Image } from "./faces/image/index.ts";
export {
  eyeDistanceOf,
  type FaceLocator,
  type LocatedFace,
  type LocateOptions,
  LocateTimeout,
  sharpnessOf,
} from "./faces/locate/index.ts";
export { decodeImage, encodePng } from "./faces/pictureFiles/index.ts";
export { createPopulation } from "./faces/synthetic/index.ts";
export {
  excitation,
  selectivity,
  selectivityFinding,
  sparsity,
  sparsityFinding,
  sparsitySweep,
} from "./lab/studies/index.ts";
export * from "./matching/features/index.ts";
export {
  cachedFeatures,
  type ReadFeaturesOptions,
  readFeatures,
  readMatcher,
  readRowNames,
  type StoredFeatures,
  writeFeatures,
  writeMatcher,
} from "./matching/files/index.ts";
export * from "./matching/match/index.ts";
export { attributeTasks, personTasks, singleFeatureScores } from "./matching/probes/index.ts";
export * from "./matching/protocols/index.ts";
export { openModel, openNet } from "./nets/models/index.ts";
export { extractFeatures, type FaceModel, type FaceNet, type ModelCard } from "./nets/net/index.ts";
export {
  type Analysis,
  type Answer,
  type AttributeReading,
  type Candidate,
  type DecisionThreshold,
  type FaceInput,
  type FaceUsed,
  judgePair,
  type Located,
  type PairVerdict,
  type PersonRef,
  type Photo,
  PICTURE_LIMITS,
  type PictureLimits,
  type Recognition,
  type Refusal,
  type RefusalReason,
  type Registration,
  type Registrations,
  type Representation,
  type SearchHit,
  type SearchResult,
  type Verdict,
} from "./people/answers/index.ts";
export * from "./people/gallery/index.ts";
export * from "./people/recognizer/index.ts";
