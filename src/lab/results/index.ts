// src/lab/results: the files of results/: one schema for writers, the studio and the documents; which of them are stale.
export { type MeasuredModel, measuredModel, modelOfFeatures, releasedModel } from "./model.ts";
export { type ResultFile, readResult, readResults } from "./read.ts";
export {
  Findings,
  Identification,
  RegionNets,
  type Result,
  type ResultHead,
  ResultHeadSchema,
  type ResultKind,
  Score,
  schemaOf,
  Tables,
} from "./schema.ts";
export { type Stale, staleResults, staleText } from "./stale.ts";
export { type Made, type NewResult, resultText, writeResult } from "./write.ts";
