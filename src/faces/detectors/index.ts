// src/faces/detectors: the default detector, or one of your own from a file; pictures of what was found and who it is.
export { DETECTOR_FOLDER, openDefaultLocator } from "./default.ts";
export { type NamedFace, namedPicture } from "./namedPicture.ts";
export { foundPicture, type ShownFace } from "./picture.ts";
export { openYunetLocator, type YunetOptions } from "./yunetFile.ts";
