// src/locate: photo -> boxes, scores, five landmarks.
export type { FaceLocator, LocatedFace } from "./faceLocator.ts";
