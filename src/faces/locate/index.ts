// src/faces/locate: what a face detector is; YuNet in any runtime; how good a face is.
export {
  type FaceLocator,
  type LocatedFace,
  type LocateOptions,
  LocateTimeout,
} from "./faceLocator.ts";
export {
  detectHuman,
  facesOnPhoto,
  type Human,
  type HumanAnswer,
  humanCanvas,
  humanSettings,
} from "./humanFaces.ts";
export { eyeDistanceOf, sharpnessOf, TEMPLATE_EYE_DISTANCE } from "./quality.ts";
export { yunetLocator } from "./yunet.ts";
