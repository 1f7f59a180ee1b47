/** What compares two rows of a feature set, whichever way. */
import { InputError } from "../../base/errors/index.ts";
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
  /** The same multiplied out, where that can be done: the scores of all pairs of a set are then one matrix product. */
  parts?(set: FeatureSet): ScoreParts;
}

/** score(a, b) = self(a) + self(b) + u(a)·u(b) + offset. Averages over pairs of two sets follow from the parts' averages. */
export interface ScoreParts {
  /** u of every row, row-major [rows, size]. */
  readonly vectors: Float32Array | Float64Array;
  readonly size: number;
  /** [rows] */
  readonly self: Float64Array;
  readonly offset: number;
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

/** A metric from its parts. */
export const productMetric = (name: string, parts: (set: FeatureSet) => ScoreParts): PairMetric => ({
  ...pairMetric(name, (set) => {
    const { vectors, size, self, offset } = parts(set);
    return (first, second) => {
      let product = 0;
      for (let k = 0, a = first * size, b = second * size; k < size; k++)
        product += vectors[a++] * vectors[b++];
      return self[first] + self[second] + product + offset;
    };
  }),
  parts,
});
