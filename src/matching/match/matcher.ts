/**
 * The whole way from features to a verdict: blocks to unit length, principal components, Joint Bayesian.
 * Paper: Section 4 (features of all nets and their mirrors, compressed, compared by Joint Bayesian).
 *
 * Principal components and the directions of Joint Bayesian are both linear, so a fitted matcher holds one matrix.
 */
import { InputError } from "../../base/errors/index.ts";
import type { Matrix, Rows } from "../../math/linalg/index.ts";
import { createFeatureSet, type FeatureSet, normaliseBlocks } from "../features/index.ts";
import {
  coordinates,
  type JointBayesian,
  type LikelihoodRatio,
  likelihoodRatio,
  scoreParts,
} from "./jointBayesian.ts";
import { type PairMetric, productMetric } from "./pairMetric.ts";

/** What a fitted matcher consists of. */
export interface MatcherModel extends JointBayesian {
  /** Blocks of so many columns are brought to unit length first; 0: none are. */
  readonly blockSize: number;
  /** Set where a face and its mirror image count alike: mean and directions are the same for a block of so many columns and the next. */
  readonly mirrored?: number;
}

/** A fitted matcher. */
export interface Matcher extends LikelihoodRatio {
  readonly model: MatcherModel;
  /** Coordinates [rows, k] of features of the dimension it was fitted on. `pair` and `sets` compare rows of the result. */
  project(set: FeatureSet): Matrix;
}

/** A matcher from its parts. */
export function createMatcher(model: MatcherModel): Matcher {
  return {
    model,
    ...likelihoodRatio(model.ratios),
    project(set) {
      const dimension = model.mean.length;
      if (!(set.dimension === dimension)) {
        throw new InputError(`matcher: it compares features of dimension ${dimension}, got ${set.dimension}`);
      }
      return coordinates(model, asRows(set, model.blockSize));
    },
  };
}

/** Coordinates [k] of one face's `features` [dimension]. */
export function projectFace(matcher: Pick<Matcher, "project">, features: ArrayLike<number>): Float64Array {
  const names = ["face"];
  const set = createFeatureSet(Float32Array.from(features), features.length, { names, identities: names });
  return matcher.project(set).values;
}

/** The matcher's score as a metric over pairs of rows. */
export function jointBayesian(matcher: Matcher): PairMetric {
  return productMetric("joint Bayesian", (set) => scoreParts(matcher.model.ratios, matcher.project(set)));
}

/** The set's rows as they are compared: with a block size above 0, blocks of so many columns at unit length. */
export function asRows(set: FeatureSet, blockSize: number): Rows {
  const { values } = blockSize > 0 ? normaliseBlocks(set, blockSize) : set;
  return { rows: set.rows, columns: set.dimension, values };
}
