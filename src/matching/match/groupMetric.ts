/**
 * Two sets of faces compared by the mean score over all pairs of a face here and a face there, as frames of two
 * videos are. Paper: Section 4, YouTube Faces; how its frames were combined it does not say.
 *
 * The mean over n x m pairs is exact in n + m steps, for each score is a sum of parts that do not mix faces or are
 * products of them:
 *   cosine           mean unit vector here · mean unit vector there
 *   joint Bayesian   mean self here + mean self there + mean u here · mean u there + offset   (see `scoreParts`)
 *   Hamming          Σ over bits p (1 - q) + q (1 - p), with p and q the shares of faces whose bit is set
 */
import { InputError } from "../../base/errors/index.ts";
import { binarise, type FeatureSet, normaliseBlocks } from "../features/index.ts";
import { scoreParts } from "./jointBayesian.ts";
import type { Matcher } from "./matcher.ts";

/** Rows of one feature set that show one person, frames of a video say. */
export type RowGroup = readonly number[];

/** A way of telling how alike two sets of faces are. */
export interface GroupMetric {
  readonly name: string;
  /** The score of any two of `groups`, by their numbers; larger is more alike, and the order does not matter. */
  prepare(set: FeatureSet, groups: readonly RowGroup[]): (first: number, second: number) => number;
}

/** The mean of cosines. A row of zeros has cosine 0 with every other. */
export const meanCosine: GroupMetric = {
  name: "cosine",
  prepare(set, groups) {
    const { values, dimension } = normaliseBlocks(set, set.dimension);
    const means = meanRows(values, dimension, checkGroups(set, groups));
    return (first, second) => dot(means[first], means[second]);
  },
};

/** The mean of log likelihood ratios. */
export const meanJointBayesian = (matcher: Matcher): GroupMetric => ({
  name: "joint Bayesian",
  prepare(set, groups) {
    const size = matcher.model.ratios.length;
    const { vectors, self, offset } = scoreParts(matcher.model.ratios, matcher.project(set));
    const means = meanRows(vectors, size, checkGroups(set, groups));
    const selves = meanRows(self, 1, groups).map(([value]) => value);
    return (first, second) => selves[first] + selves[second] + dot(means[first], means[second]) + offset;
  },
});

/** Minus the mean of Hamming distances of binarised rows, at `thresholds` [dimension] (default: 0). */
export const meanHamming = (thresholds?: Float32Array): GroupMetric => ({
  name: "Hamming",
  prepare(set, groups) {
    const { codes, words, bits } = binarise(set, thresholds);
    const shares = checkGroups(set, groups).map((group) => {
      const share = new Float64Array(bits);
      for (const row of group) {
        for (let j = 0; j < bits; j++) share[j] += (codes[row * words + (j >>> 5)] >>> (j & 31)) & 1;
      }
      return share.map((count) => count / group.length);
    });
    return (first, second) => {
      const [p, q] = [shares[first], shares[second]];
      let sum = 0;
      for (let j = 0; j < bits; j++) sum += p[j] + q[j] - 2 * p[j] * q[j];
      return -sum;
    };
  },
});

function checkGroups(set: FeatureSet, groups: readonly RowGroup[]): readonly RowGroup[] {
  for (const [i, group] of groups.entries()) {
    if (!(group.length >= 1)) throw new InputError(`mean over pairs: group ${i} needs a face, got none`);
    const stray = group.find((row) => !(Number.isInteger(row) && row >= 0 && row < set.rows));
    if (stray !== undefined) {
      throw new InputError(`mean over pairs: rows run from 0 to ${set.rows - 1}, got ${stray} in group ${i}`);
    }
  }
  return groups;
}

/** The mean of each group's rows, of `columns` numbers each. */
function meanRows(
  values: Float32Array | Float64Array,
  columns: number,
  groups: readonly RowGroup[],
): Float64Array[] {
  return groups.map((group) => {
    const mean = new Float64Array(columns);
    for (const row of group) for (let j = 0; j < columns; j++) mean[j] += values[row * columns + j];
    return mean.map((sum) => sum / group.length);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}
