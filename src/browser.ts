/**
 * deepid2plus in a page: recognition that sends no photo anywhere.
 *
 * @example
 * import { openBrowserRecognizer } from "deepid2plus/browser";
 *
 * const faces = await openBrowserRecognizer({
 *   model: "/models/whole-face-taught/",
 *   detector: "/models/detector/",
 * });
 * console.log((await faces.verify(fileA, fileB)).samePerson);
 * await faces.release();
 */
export { DataError, InputError } from "./base/errors/index.ts";
export { alignFace, type Landmarks, type Point, TEMPLATE } from "./faces/face/index.ts";
export { type Box, createImage, type Image, type Size } from "./faces/image/index.ts";
export {
  type FaceLocator,
  type LocatedFace,
  type LocateOptions,
  LocateTimeout,
} from "./faces/locate/index.ts";
export {
  createFeatureSet,
  type FeatureSet,
} from "./matching/features/index.ts";
export { cosine, hammingDistance, jointBayesian, type StoredMatcher } from "./matching/match/index.ts";
export {
  type Answer,
  type DecisionChoice,
  type DecisionThreshold,
  type FaceChoice,
  type FaceUsed,
  type FoundFace,
  judgePair,
  type PairVerdict,
  type Refusal,
  type RefusalReason,
  type Representation,
  type UnfitReason,
  type Verdict,
  type VerifyResult,
  type WhichFace,
} from "./people/answers/index.ts";
export {
  type BrowserRecognizer,
  type BrowserRecognizerAbout,
  type BrowserRecognizerOptions,
  type ModelBytes,
  openBrowserRecognizer,
  type PageFace,
  type PageFaces,
  type PagePhoto,
  toImageData,
  type YunetFile,
} from "./people/browser/index.ts";
