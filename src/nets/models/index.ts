// src/nets/models: released models and systems in folders, and nets loaded by the engine.

export { importedText } from "./importInWords.ts";
export { type ImportedModel, importModel } from "./importModel.ts";
export { type ImportedNet, type ImportOptions, importOnnx } from "./importOnnx.ts";
export { keepIn } from "./keptFeatures.ts";
export { ATTRIBUTES, copyModel, openModel, readCard } from "./modelFolder.ts";
export { DEFAULT_MODEL, modelFolder, modelNames } from "./named.ts";
export { openFaceGradient, ownNetOf } from "./openFaceGradient.ts";
export { followNet, openImportedNet, openNet } from "./openNet.ts";
export { replaceCohort, replaceMatcher } from "./replaceMatcher.ts";
export { checkSameNet, netHash } from "./sameNet.ts";
export {
  isSystem,
  openSystem,
  partsOf,
  readSystemCard,
  readVariants,
  type VariantMatcher,
  writeSystem,
} from "./systemFolder.ts";
export { releasedWeights, unfoldWeights } from "./unfold.ts";
export { type Release, writeModel } from "./writeModel.ts";
