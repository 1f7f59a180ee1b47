/** A matcher learned on some people, its size chosen and its scores calibrated on others. Paper: Section 4. */

import { InputError } from "../../base/errors/index.ts";
import { createRng, type Rng, shuffle } from "../../base/random/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import {
  calibrate,
  fitMatchers,
  jointBayesianOn,
  type Matcher,
  type PairMetric,
  projectFeatures,
  type RowPair,
  refitMatchers,
  roundMatcher,
  type StoredMatcher,
  scoresToStore,
} from "../../matching/match/index.ts";
import { crossValidatedAccuracy, type LabelledPair, scoreFolds } from "../../matching/protocols/index.ts";
import type { Multiply, Rows } from "../../math/linalg/index.ts";
import { type TeacherFeatures, teacherTargets } from "./teacherTargets.ts";

/** Pairs of two people to calibrate on, at most: a hundred of them are accepted at a false accept rate of 1 in 10,000. */
const DIFFERENT_PAIRS = 1_000_000;

export interface ChooseMatcherOptions {
  /** Sizes of the principal components to choose from. */
  readonly components: readonly number[];
  /** Shares of S_ε to be shrunk to choose from (default: none is; see `shrinkWithin`). */
  readonly shrinkages?: readonly number[];
  /** Directions kept of each (see `MatcherOptions`). */
  readonly directions?: number;
  /** Lets a face and its mirror image count alike (see `MatcherOptions`). */
  readonly mirrored?: number;
  /** Columns of the blocks brought to unit length first (see `MatcherOptions`); 0: none are. */
  readonly blockSize: number;
  readonly seed: number;
  /** A teacher's features of the people fitted on: what the matcher then compares (see `MatchersOptions`), without unit length. */
  readonly teacher?: TeacherFeatures;
  /** A matcher of these features that is there: the new ones start from it (see `refitMatchers`), in place of components. */
  readonly start?: Matcher;
  /** Gives up between two sizes. */
  readonly signal?: AbortSignal;
  /** A faster product, for features of many columns. */
  readonly multiply?: Multiply;
}

export interface ChosenMatcher extends StoredMatcher {
  readonly components: number;
  readonly shrinkage: number;
  /** How many of a teacher's numbers are compared, as the features say them (none: the components themselves are). */
  readonly teacherNumbers?: number;
  /** Share of the validation people's pairs told right, as many of one person as of two; in `tried` the best by components. */
  readonly accuracy: number;
  readonly tried: Readonly<Record<number, number>>;
  /** The same of the matcher that it started from. */
  readonly before?: number;
}

interface Compared {
  readonly matcher: Matcher;
  readonly metric: PairMetric;
}

/** Fits one matcher for each number of components and shrinkage, and keeps the one that verifies the validation people best. */
export async function chooseMatcher(
  matching: FeatureSet,
  validation: FeatureSet,
  options: ChooseMatcherOptions,
): Promise<ChosenMatcher> {
  const { seed, multiply, signal, start } = options;
  const rng = createRng(seed).fork("validation pairs");
  const { balanced, ...pairs } = validationPairs(validation, rng);
  const { fitted, teacherNumbers } = candidates(matching, options, rng.fork("pca"));
  const measured = async (matcher: Matcher) => {
    const metric = jointBayesianOn(matcher, await projectFeatures(matcher, { set: validation }, multiply));
    const scored = scoreFolds(metric, validation, [balanced]).flat();
    return { matcher, metric, accuracy: crossValidatedAccuracy(scored, { rng: rng.fork("folds") }) };
  };
  const tried: (Pick<ChosenMatcher, "components" | "shrinkage" | "accuracy"> & Compared)[] = [];
  for await (const { components, shrinkage, matcher } of fitted) {
    signal?.throwIfAborted();
    tried.push({ ...(await measured(roundMatcher(matcher))), components, shrinkage });
  }
  const { metric, ...best } = tried.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  const scores = (of: readonly RowPair[]) => scoresToStore(metric.score(validation, of));
  const calibration = calibrate(scores(pairs.same), scores(pairs.different));
  const bestOf = (size: number) =>
    Math.max(...tried.filter((one) => one.components === size).map((one) => one.accuracy));
  const sizes = [...new Set(tried.map((one) => one.components))];
  return {
    ...best,
    teacherNumbers,
    before: start && (await measured(start)).accuracy,
    calibration,
    tried: Object.fromEntries(sizes.map((size) => [size, bestOf(size)])),
  };
}

type Candidate = Pick<ChosenMatcher, "components" | "shrinkage" | "matcher">;

/** The matchers to choose from, and how many of a teacher's numbers they compare, if any. */
function candidates(
  matching: FeatureSet,
  options: ChooseMatcherOptions,
  rng: Rng,
): { fitted: AsyncIterable<Candidate>; teacherNumbers?: number } {
  const { shrinkages, directions, mirrored, multiply, start, blockSize } = options;
  if (start) return { fitted: refitMatchers(matching, start, { shrinkages, multiply }) };
  const how = { shrinkages, directions, mirrored, multiply, rng };
  if (!options.teacher) {
    const normalise = blockSize > 0;
    return { fitted: fitMatchers(matching, options.components, { ...how, blockSize, normalise }) };
  }
  const teacher = targetsOf(options.teacher, matching);
  const components = options.components.filter((size) => size >= teacher.columns);
  if (components.length === 0) {
    const asked = options.components.join(", ");
    throw new InputError(
      `a teacher's ${teacher.columns} numbers need as many components or more, got ${asked}`,
    );
  }
  // Not brought to unit length, which says how sure the numbers are.
  const fitted = fitMatchers(matching, components, { ...how, teacher, blockSize: 0, normalise: false });
  return { fitted, teacherNumbers: teacher.columns };
}

/** What the teacher says of the faces of `set`, [rows, width]. */
function targetsOf({ features, source, views }: TeacherFeatures, { names }: FeatureSet): Rows {
  const { values, width } = teacherTargets(features, { names, views, source });
  return { rows: names.length, columns: width, values };
}

/** The pairs of `validation` to calibrate on, and as many of one person as of two to choose by. */
export function validationPairs(validation: FeatureSet, rng: Rng) {
  const same = allSamePairs(validation);
  const different = differentPairs(validation, DIFFERENT_PAIRS, rng);
  const balanced: LabelledPair[] = [
    ...same.map(([a, b]) => ({ a, b, same: true })),
    ...different.slice(0, same.length).map(([a, b]) => ({ a, b, same: false })),
  ];
  return { same, different, balanced };
}

/** Every pair of two pictures of one person. */
function allSamePairs({ identities }: FeatureSet): RowPair[] {
  const pairs: RowPair[] = [];
  identities.forEach((person, a) => {
    for (let b = a + 1; b < identities.length; b++) if (identities[b] === person) pairs.push([a, b]);
  });
  return pairs;
}

/** Different pairs of pictures of two people in random order, `most` at most. */
function differentPairs({ identities, rows }: FeatureSet, most: number, rng: Rng): RowPair[] {
  const pairs: RowPair[] = [];
  if (rows * (rows - 1) <= 2 * most) {
    for (let b = 0; b < rows; b++) {
      for (let a = 0; a < b; a++) if (identities[a] !== identities[b]) pairs.push([a, b]);
    }
    return shuffle(pairs, rng);
  }
  const drawn = new Set<number>();
  for (let tries = 0; pairs.length < most && tries < 4 * most; tries++) {
    const [i, j] = [rng.integer(rows), rng.integer(rows)];
    const [a, b] = i < j ? [i, j] : [j, i];
    if (identities[a] === identities[b] || drawn.has(a * rows + b)) continue;
    drawn.add(a * rows + b);
    pairs.push([a, b]);
  }
  return pairs;
}
