// src/faces/face: from a photo and five landmarks to an aligned face, and from that to the regions the nets look at.
export { alignFace } from "./align.ts";
export { cutOffOf } from "./cutOff.ts";
export { exposed } from "./exposure.ts";
export type { FaceReader } from "./faceReader.ts";
export {
  type Landmarks,
  landmarksFrom,
  landmarksIn,
  mapLandmarks,
  mirrorLandmarks,
  type Point,
} from "./landmarks.ts";
export type { Occluder } from "./occluder.ts";
export {
  createRegionCropper,
  cropRegion,
  cropSize,
  isSymmetric,
  type Region,
  viewsOf,
  WHOLE_FACE,
} from "./region.ts";
export { REGIONS, regionsNamed } from "./regions.ts";
export { similarityFrom } from "./similarityFrom.ts";
export { CELEBA_FRAME, fromCelebA, TEMPLATE, TEMPLATE_VERSION } from "./template.ts";
