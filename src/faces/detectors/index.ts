// src/faces/detectors: the default detector, or one of your own from a file; a picture of what was found.
export { DETECTOR_FOLDER, openDefaultLocator } from "./default.ts";
export { foundPicture, type ShownFace } from "./picture.ts";
export { openYunetLocator, type YunetOptions } from "./yunetFile.ts";
