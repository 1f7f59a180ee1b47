// src/faces/locate: what a face detector is; YuNet in any runtime; how good a face is.
export { toCanvas } from "./canvas.ts";
export {
  type FaceLocator,
  type LocatedFace,
  type LocateOptions,
  LocateTimeout,
  largestFirst,
  scaled,
} from "./faceLocator.ts";
export { landmarksOfMesh, MESH_POINTS, type MeshPoint } from "./meshLandmarks.ts";
export { eyeDistanceOf, sharpnessOf, TEMPLATE_EYE_DISTANCE } from "./quality.ts";
export { yunetLocator } from "./yunet.ts";
