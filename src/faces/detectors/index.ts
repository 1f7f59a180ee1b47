// src/faces/detectors: the default detector in a thread of its own, one of your own from a file; a picture of what was found.
export { hasHuman, openHumanLocator } from "./human.ts";
export { foundPicture, type ShownFace } from "./picture.ts";
export { openYunetLocator, type YunetOptions } from "./yunetFile.ts";
