/**
 * Fits a matcher to features: principal components, or a teacher's numbers regressed on them; then Joint Bayesian. All are linear, so
 * what is kept is one matrix.
 */
import type { Rng } from "../../base/random/index.ts";
import {
  firstColumns,
  firstComponents,
  fitPca,
  type Matrix,
  type Multiply,
  matrix,
  multiply,
  multiplyTransposed,
  type Pca,
  projectRows,
  type Rows,
} from "../../math/linalg/index.ts";
import type { FeatureSet } from "../features/index.ts";
import { fitJointBayesian, type JointBayesianFit, type JointBayesianOptions } from "./fitJointBayesian.ts";
import type { JointBayesian } from "./jointBayesian.ts";
import { asRows, createMatcher, type Matcher, type MatcherModel } from "./matcher.ts";
import { forBothMirrors, sumOfMirrors } from "./mirrors.ts";
import { regressOnto } from "./regression.ts";
import { shrinkWithin } from "./shrink.ts";

export interface MatcherOptions extends JointBayesianOptions {
  /** Principal components kept (fewer where the features vary in fewer directions). */
  readonly components?: number;
  /** Directions of Joint Bayesian kept, those that tell people apart best (default: as many as components). */
  readonly directions?: number;
  /** Whether blocks are brought to unit length. */
  readonly normalise?: boolean;
  /** Columns of a block: 512 for [original | mirror] of one tap. Default: the whole row. */
  readonly blockSize?: number;
  /** Lets a face and its mirror image count alike, blocks of so many columns one after the other (default: each for itself). */
  readonly mirrored?: number;
  /** For PCA of many columns (see `fitPca`). */
  readonly rng?: Rng;
  readonly multiply?: Multiply;
}

/** 180 components as in DeepID2; the paper does not state its number. */
export const MATCHER_DEFAULTS = { components: 180, normalise: true } as const satisfies MatcherOptions;

/** A matcher, and the two steps that it was made of. */
export interface FittedMatcher {
  /** Principal components that were asked for, and the share of S_ε that was shrunk. */
  readonly components: number;
  readonly shrinkage: number;
  readonly matcher: Matcher;
  /** Of the features, or of the sums of mirror images where `mirrored`. */
  readonly pca: Pca;
  /** Of the coordinates along these, or of the teacher's numbers that they say. */
  readonly fit: JointBayesianFit;
}

export interface MatchersOptions extends Omit<MatcherOptions, "components"> {
  /** Shares of S_ε to be shrunk, each in a matcher of its own (default: none; see `shrinkWithin`). */
  readonly shrinkages?: readonly number[];
  /** What a teacher says of each face, [rows, width]: Joint Bayesian compares these numbers as the features say them. */
  readonly teacher?: Rows;
}

/**
 * Fits a matcher to the features of people whom the net was not trained on, or not all of them: features of those who
 * trained it vary less within a person (of nine of our nets 2 to 3 % less), which their number can outweigh.
 */
export async function fitMatcher(set: FeatureSet, options: MatcherOptions = {}): Promise<FittedMatcher> {
  const { components } = { ...MATCHER_DEFAULTS, ...options };
  const { value } = await fitMatchers(set, [components], options).next();
  return value!;
}

/** Fits matchers of several sizes and shrinkages as `fitMatcher` does; the features are described by components once. */
export async function* fitMatchers(
  set: FeatureSet,
  sizes: readonly number[],
  options: MatchersOptions = {},
): AsyncGenerator<FittedMatcher, undefined> {
  const blockSize = blockSizeOf(set, options);
  const { mirrored, shrinkages = [0], teacher } = options;
  const all = asRows(set, blockSize);
  const rows = mirrored === undefined ? all : sumOfMirrors(all, mirrored);
  for await (const { components, pca, coordinates: first } of describe(rows, sizes, options)) {
    const { coordinates, basis } = await described(pca.components, first, teacher);
    const fit = fitJointBayesian(coordinates, set.identities, options);
    for (const shrinkage of shrinkages) {
      const model = shrinkWithin(fit, shrinkage);
      const { directions, ratios } = mostTelling(model, options.directions ?? model.ratios.length);
      // The mean of the coordinates is 0 up to rounding, so the mean of the features is the mean of both steps.
      const compared = {
        blockSize,
        ratios,
        mean: pca.mean,
        directions: multiply(directions, basis),
      };
      const matcher = createMatcher(mirrored === undefined ? compared : ofBothMirrors(compared, mirrored));
      yield { components, shrinkage, matcher, pca, fit };
    }
  }
}

/** A model of features, from one of the sums of a face's and its mirror image's. */
export function ofBothMirrors(model: MatcherModel, mirrored: number): MatcherModel {
  const half = matrix(
    1,
    model.mean.length,
    model.mean.map((value) => value / 2),
  );
  return {
    ...model,
    mirrored,
    mean: forBothMirrors(half, mirrored).values,
    directions: forBothMirrors(model.directions, mirrored),
  };
}

/** The rows along components of each size. */
async function* describe(rows: Rows, sizes: readonly number[], { rng, multiply: product }: MatchersOptions) {
  const most = await fitPca(rows, { components: Math.max(...sizes), rng, multiply: product });
  const coordinates = await projectRows(most, rows, { multiply: product });
  for (const components of sizes) {
    const pca = firstComponents(most, components); // the first do not depend on the last
    yield { components, pca, coordinates: firstColumns(coordinates, pca.components.rows) };
  }
}

/** What Joint Bayesian compares, [n, k], and of which directions of the features it is made, [k, columns]. */
async function described(components: Matrix, coordinates: Matrix, teacher: Rows | undefined) {
  if (teacher === undefined) return { coordinates, basis: components };
  const map = regressOnto(coordinates, teacher);
  const said = multiplyTransposed(coordinates, map);
  const { components: varying } = await fitPca(said, { components: map.rows }); // numbers may repeat each other, or say nothing
  return {
    coordinates: multiplyTransposed(said, varying),
    basis: multiply(multiply(varying, map), components),
  };
}

/** The first `most` directions: a direction of ratio λ is worth about λ²/2 nats for a pair, so the last say next to nothing. */
function mostTelling({ directions: { rows, columns, values }, ratios }: JointBayesian, most: number) {
  const kept = Math.min(most, rows);
  return {
    directions: matrix(kept, columns, values.subarray(0, kept * columns)),
    ratios: ratios.slice(0, kept),
  };
}

const blockSizeOf = ({ dimension }: FeatureSet, options: MatcherOptions) =>
  (options.normalise ?? MATCHER_DEFAULTS.normalise) ? (options.blockSize ?? dimension) : 0;
