/**
 * deepid2plus: DeepID2+ face recognition.
 *
 * @example
 * const model = await openModel("models/whole-face");
 * const photo = await decodeImage(await readFile("a.jpg"), "a.jpg");
 * const face = alignFace(photo, landmarks);
 */
export {
  type AlignedFaces,
  facesInMemory,
  openAlignedFaces,
  openCelebA,
  openLfw,
  openPeople,
  readAttributes,
} from "./data/index.ts";
export { DataError, InputError } from "./errors/index.ts";
export { alignFace, cropRegion, type Landmarks, type Region, TEMPLATE, WHOLE_FACE } from "./face/index.ts";
export * from "./features/index.ts";
export * from "./gallery/index.ts";
export { decodeImage, encodePng, type Image } from "./image/index.ts";
export * from "./locate/index.ts";
export * from "./match/index.ts";
export {
  extractFeatures,
  type FaceModel,
  type FaceNet,
  type ModelCard,
  openModel,
  openNet,
} from "./net/index.ts";
export * from "./protocols/index.ts";
export * from "./recognizer/index.ts";
export {
  attributeTasks,
  excitation,
  personTasks,
  selectivity,
  selectivityFinding,
  singleFeatureScores,
  sparsity,
  sparsityFinding,
  sparsitySweep,
} from "./studies/index.ts";
export { createPopulation } from "./synthetic/index.ts";
