// src/lab/studies: what the paper says of its neurons, as functions of feature sets: sparse, selective, robust. Knows no nets and no files.
export { activationFinding } from "./activationFinding.ts";
export {
  ACTIVATION_DEFAULTS,
  type ActivationGroup,
  type ActivationStudy,
  activationStudy,
} from "./activations.ts";
export {
  blockOcclusion,
  type Corruption,
  corruptedFaces,
  jpeg,
  PLAIN_CORRUPTIONS,
  partialOcclusion,
} from "./corruption.ts";
export { DOSSIER_DEFAULTS, type Dossier, type DossierEntry, neuronDossier } from "./dossier.ts";
export { type DropoutNet, dropoutFinding } from "./dropout.ts";
export { type Excitation, excitation, type NeuronProfile } from "./excitation.ts";
export {
  FAVOURITE_DEFAULTS,
  type Favourite,
  type FavouriteOptions,
  favouriteInput,
  type PictureShape,
  totalVariation,
  variationSlope,
} from "./favouriteInput.ts";
export type { Finding, FindingNumber } from "./finding.ts";
export {
  ATTRIBUTION_DEFAULTS,
  type Attribution,
  integratedGradients,
  type SlopesAt,
} from "./integratedGradients.ts";
export { realisticOcclusion } from "./occluder.ts";
export { OCCLUSION_MAP, type OcclusionMap, occlusionMap } from "./occlusionMap.ts";
export {
  type CleanReference,
  cleanReference,
  measureRobustness,
  type RobustCurve,
  type RobustLevel,
  type RobustMeasurement,
  type RobustSystem,
  type Role,
  robustCurves,
} from "./robustness.ts";
export { DROP, dropLevel, ROBUST, robustnessFinding } from "./robustnessFinding.ts";
export {
  type NamedFeatures,
  SELECTIVE,
  SELECTIVITY_DEFAULTS,
  type Selectivity,
  type SelectivityOptions,
  scoresOf,
  selectivity,
  selectivityFinding,
  type TaskScore,
} from "./selectivity.ts";
export { coveredFaces, type Patch, sensitivityPatches } from "./sensitivity.ts";
export {
  MODERATE,
  SPARSITY_BINS,
  type Sparsity,
  type SweepPoint,
  sparsity,
  sparsityFinding,
  sparsitySweep,
} from "./sparsity.ts";
export { type Histogram, histogram, type Summary, summarise } from "./summary.ts";
