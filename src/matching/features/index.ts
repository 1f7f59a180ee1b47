// src/matching/features: rows of numbers with identities, the interface between nets and answers: blocks, binary codes.

export type { AttributeTable } from "./attributeTable.ts";
export { type BinaryCodes, binarise, bitsAsNumbers, columnMedians } from "./binarise.ts";
export {
  createFeatureSet,
  type FeatureSet,
  joinBlocks,
  normaliseBlocks,
  type Provenance,
  rowOf,
  selectColumns,
  selectPeople,
  selectRows,
  toUnitBlocks,
} from "./featureSet.ts";
export type { PairList } from "./pairList.ts";
export { rowsByPerson } from "./rowsByPerson.ts";
