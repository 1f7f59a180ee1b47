// src/lab/paper: what the paper prints, and the same tables measured here. Knows features and matchers, never photos or nets.

export { tableClaims } from "./claims.ts";
export type { IdentificationResult, PaperResults, RegionsResult, Score, TablesResult } from "./claimWords.ts";
export {
  GAIN_OVER_DEEPID2,
  PAPER_TRAINING,
  type PublishedAccuracy,
  TABLE_1,
  TABLE_2,
  TABLE_3,
  TABLE_4,
} from "./published.ts";
export {
  type Accuracy,
  type MeasuredPart,
  type MeasuredVariant,
  type MeasureOptions,
  type VerificationTables,
  verificationTables,
} from "./tables.ts";
