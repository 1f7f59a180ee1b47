// src/matching/features: rows of numbers with identities, the narrow waist between nets and answers: blocks, binary codes, files.

export type { AttributeTable } from "./attributeTable.ts";
export { type BinaryCodes, binarise, bitsAsNumbers, columnMedians } from "./binarise.ts";
export { cachedFeatures, type KeyedFaces } from "./featureCache.ts";
export { type ReadFeaturesOptions, readFeatures, writeFeatures } from "./featureFile.ts";
export {
  createFeatureSet,
  type FeatureSet,
  joinBlocks,
  normaliseBlocks,
  rowOf,
  selectColumns,
  selectPeople,
  selectRows,
  toUnitBlocks,
} from "./featureSet.ts";
export type { Provenance, StoredFeatures } from "./featureTensors.ts";
export type { PairList } from "./pairList.ts";
export { readRowNames } from "./rowNames.ts";
export { rowsByPerson } from "./rowsByPerson.ts";
