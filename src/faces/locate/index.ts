// src/faces/locate: what a face detector is; the default one and YuNet in any runtime; how good a face is.
export {
  DETECTOR_FILES,
  type DetectorCard,
  openMeshLocator,
  parseDetectorCard,
} from "./detectorFolder.ts";
export {
  type FaceLocator,
  type LocatedFace,
  type LocateOptions,
  LocateTimeout,
} from "./faceLocator.ts";
export { eyeDistanceOf, sharpnessOf, TEMPLATE_EYE_DISTANCE } from "./quality.ts";
export { yunetLocator } from "./yunet.ts";
