/** What compares two rows of a feature set, whichever way. */
import { InputError } from "../errors/index.ts";
import type { FeatureSet } from "../features/index.ts";

/** Two rows of one feature set. */
export type RowPair = readonly [first: number, second: number];

/** A way of telling how alike two faces are. */
export interface PairMetric {
  /** For tables: "cosine", "joint Bayesian". */
  readonly name: string;
  /** One score per pair; larger is more alike, and the order of the two rows does not matter. */
  score(set: FeatureSet, pairs: readonly RowPair[]): Float64Array;
  /** The same as a function of two row numbers of `set`, for very many pairs; it does not check them. */
  prepare(set: FeatureSet): (first: number, second: number) => number;
}

/** A metric from a function of two row numbers, prepared once for each set. */
export function pairMetric(
  name: string,
  prepare: (set: FeatureSet) => (first: number, second: number) => number,
): PairMetric {
  return {
    name,
    prepare,
    score(set, pairs) {
      const score = prepare(set);
      return Float64Array.from(pairs, ([first, second]) => {
        if (!(set.names[first] !== undefined && set.names[second] !== undefined)) {
          throw new InputError(`${name}: rows run from 0 to ${set.rows - 1}, got ${first} and ${second}`);
        }
        return score(first, second);
      });
    },
  };
}
