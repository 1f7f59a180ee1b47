// src/faces/lbp: high-dimensional LBP, the paper's baseline: another source of feature sets from aligned faces. Knows no nets.
export { type LbpComponents, readLbpComponents, writeLbpComponents } from "./componentsFile.ts";
export { countLbp, type LbpCounts, type LbpOptions } from "./counts.ts";
export { createLbpDescriptor, LBP_LENGTH, type LbpDescriptor } from "./descriptor.ts";
export {
  extractLbp,
  type LbpFeatureOptions,
  type LbpReduction,
  principalComponents,
  selectedBins,
  varianceShare,
} from "./features.ts";
export { type FitLbpOptions, fitLbp } from "./fitLbp.ts";
export { LBP_LANDMARKS } from "./landmarks.ts";
