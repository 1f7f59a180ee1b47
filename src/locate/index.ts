// src/locate: photo -> boxes, scores, five landmarks.
export type { FaceLocator, LocatedFace, LocateOptions } from "./faceLocator.ts";
export { hasHuman, openHumanLocator } from "./human.ts";
