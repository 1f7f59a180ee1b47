// src/faces/locate: photo -> boxes, scores, five landmarks, by the default detector or one of your own; how good a face is.
export { type FaceLocator, type LocatedFace, type LocateOptions, LocateTimeout } from "./faceLocator.ts";
export { hasHuman, openHumanLocator } from "./human.ts";
export { foundPicture, type ShownFace } from "./picture.ts";
export { eyeDistanceOf, sharpnessOf, TEMPLATE_EYE_DISTANCE } from "./quality.ts";
export { openYunetLocator, type YunetOptions } from "./yunet.ts";
