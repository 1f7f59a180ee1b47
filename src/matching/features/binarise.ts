/**
 * Binary codes: which neurons fire. Paper: Section 5, "binary activation patterns"; an activation is a positive
 * value, as the features end in a ReLU. Thresholds at each neuron's median are a variant for nets whose neurons
 * fire far from half of the time.
 */
import { InputError } from "../../base/errors/index.ts";
import type { FeatureSet } from "./featureSet.ts";

/** Codes of `bits` bits, `words` 32-bit words a row; bit j is bit j % 32 of word j / 32, and unused bits are 0. */
export interface BinaryCodes {
  /** Row-major [rows, words]. */
  readonly codes: Uint32Array;
  readonly rows: number;
  readonly words: number;
  readonly bits: number;
}

/** The code of every row: bit j says whether value j exceeds `thresholds[j]` (default: 0). */
export function binarise(set: FeatureSet, thresholds?: Float32Array): BinaryCodes {
  const { rows, dimension, values } = set;
  if (thresholds && !(thresholds.length === dimension)) {
    throw new InputError(`binarise: ${dimension} columns need as many thresholds, got ${thresholds.length}`);
  }
  const words = Math.ceil(dimension / 32);
  const codes = new Uint32Array(rows * words);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < dimension; j++, at++) {
      if (values[at] > (thresholds ? thresholds[j] : 0)) codes[row * words + (j >>> 5)] |= 1 << (j & 31);
    }
  }
  return { codes, rows, words, bits: dimension };
}

/** The code of every row as numbers, 0 or 1, for metrics that are learned: Joint Bayesian on bits (Table 4). */
export function bitsAsNumbers(set: FeatureSet, thresholds?: Float32Array): FeatureSet {
  const { dimension } = set;
  const values = set.values.map((value, i) => (value > (thresholds ? thresholds[i % dimension] : 0) ? 1 : 0));
  return { ...set, values };
}

/** The median of every column: the lower of the middle two for an even number of rows, so that half lie above. */
export function columnMedians({ rows, dimension, values }: FeatureSet): Float32Array {
  if (!(rows >= 1)) throw new InputError("columnMedians: needs at least one row, got none");
  const column = new Float32Array(rows);
  return Float32Array.from({ length: dimension }, (_, j) => {
    for (let row = 0; row < rows; row++) column[row] = values[row * dimension + j];
    return column.sort()[(rows - 1) >> 1];
  });
}
