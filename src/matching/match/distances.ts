/** Metrics that need no training: cosine, Euclidean and, on binary codes, Hamming (the paper's Section 5). */
import { bitCount } from "../../base/bits/index.ts";
import { InputError } from "../../base/errors/index.ts";
import { type BinaryCodes, binarise, type FeatureSet, normaliseBlocks, rowOf } from "../features/index.ts";
import { type PairMetric, pairMetric } from "./pairMetric.ts";

/** The cosine of the angle between two rows, in [-1, 1]; a row of zeros has cosine 0 with every other. */
export const cosine: PairMetric = {
  ...pairMetric("cosine", prepareCosine),
  parts: (set) => ({
    vectors: normaliseBlocks(set, set.dimension).values,
    size: set.dimension,
    self: new Float64Array(set.rows),
    offset: 0,
  }),
};

/** Reads the rows where they are: few pairs do not need a copy of them all. */
function prepareCosine(set: FeatureSet) {
  const lengths = Float64Array.from({ length: set.rows }, (_, row) =>
    Math.sqrt(dot(rowOf(set, row), rowOf(set, row))),
  );
  return (first: number, second: number) => {
    const scale = lengths[first] * lengths[second];
    return scale > 0 ? dot(rowOf(set, first), rowOf(set, second)) / scale : 0;
  };
}

/** Minus the Euclidean distance of two rows. */
export const euclidean: PairMetric = pairMetric("Euclidean", (set) => (first, second) => {
  const [a, b] = [rowOf(set, first), rowOf(set, second)];
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return -Math.sqrt(sum);
});

/** Minus the number of bits in which two binarised rows differ, at `thresholds` [dimension] (default: 0). */
export function hamming(thresholds?: Float32Array): PairMetric {
  return pairMetric("Hamming", (set) => {
    const codes = binarise(set, thresholds);
    return (first, second) => -hammingDistance(codeOf(codes, first), codeOf(codes, second));
  });
}

/** The number of bits in which two codes differ. */
export function hammingDistance(a: Uint32Array, b: Uint32Array): number {
  if (!(a.length === b.length)) {
    throw new InputError(
      `hammingDistance: codes must have equal length, got ${a.length} and ${b.length} words`,
    );
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += bitCount(a[i] ^ b[i]);
  return sum;
}

/** The code of one row (a view). */
export function codeOf({ codes, words }: BinaryCodes, row: number): Uint32Array {
  return codes.subarray(row * words, (row + 1) * words);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}
