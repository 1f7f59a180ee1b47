// src/lbp: high-dimensional LBP, the paper's baseline: another source of feature sets from aligned faces. Knows no nets.
export { countLbp, type LbpCounts, type LbpOptions } from "./counts.ts";
export { createLbpDescriptor, LBP_LENGTH, type LbpDescriptor } from "./descriptor.ts";
export {
  extractLbp,
  type LbpFeatureOptions,
  type LbpReduction,
  principalComponents,
  selectedBins,
} from "./features.ts";
export { LBP_LANDMARKS } from "./landmarks.ts";
