// src/faces/detectors: the default detector in a thread of its own, one of your own from a file; a picture of what was found.
export { openHumanLocator } from "./human.ts";
export { HUMAN_PAGE_FILES, type HumanFolders, hasHuman, humanFolders } from "./humanPackage.ts";
export { foundPicture, type ShownFace } from "./picture.ts";
export { openYunetLocator, type YunetOptions } from "./yunetFile.ts";
