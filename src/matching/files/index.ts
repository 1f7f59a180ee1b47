// src/matching/files: feature sets and matchers in files, ours and those of other programs.
export { cachedFeatures, type KeyedFaces } from "./featureCache.ts";
export { type ReadFeaturesOptions, readFeatures, writeFeatures } from "./featureFile.ts";
export type { StoredFeatures } from "./featureTensors.ts";
export { readCohort, readMatcher, writeCohort, writeMatcher } from "./matcherFile.ts";
export { readRowNames } from "./rowNames.ts";
