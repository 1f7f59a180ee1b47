// src/lab/bench: measures speed (verifying, searching, filling a gallery) and the recall of the shortlist of codes.
export { findFaiss, timeFaiss } from "./faiss.ts";
export { benchGallery, type GalleryBenchOptions } from "./galleryBench.ts";
export { machine } from "./machine.ts";
export { benchCodes, benchSearch, type SearchBenchOptions } from "./searchBench.ts";
export { benchShortlist } from "./shortlistBench.ts";
export { benchStore, type StoreBenchOptions } from "./storeBench.ts";
export { benchVerify } from "./verifyBench.ts";
export { galleryRows, searchRows, shortlistRows, storeRows, verifyRows } from "./words.ts";
