/** What every evaluation takes and gives. */
import type { FeatureSet } from "../../../matching/features/index.ts";
import type { StoredMatcher } from "../../../matching/match/index.ts";

/** Features of the pictures that are tested on, and what compares them: Joint Bayesian needs the matcher. */
export interface Judged extends Partial<StoredMatcher> {
  readonly set: FeatureSet;
}

/** What was found: as numbers, in words, and as a figure (SVG) where the protocol has one. */
export interface Evaluation<Data extends object> {
  readonly data: Data;
  readonly text: string;
  readonly figure?: () => string;
}
