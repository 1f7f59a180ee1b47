/** Lists of picture pairs for verification. Paper: Section 4, LFW's 10 folds of 300 same and 300 different pairs. */

/** Folds of pairs; `a` and `b` name pictures without extension (`Name/Name_0001`). */
export interface PairList {
  readonly folds: readonly { readonly a: string; readonly b: string; readonly same: boolean }[][];
}
