/** A cohort from people of all kinds, and the calibration of the scores that it normalises. */
import { InputError } from "../../base/errors/index.ts";
import type { Rng } from "../../base/random/index.ts";
import { type Matrix, type Multiply, matrix } from "../../math/linalg/index.ts";
import { type FeatureSet, rowsByPerson } from "../features/index.ts";
import { roundToBytes } from "./byteMatrix.ts";
import { calibrate } from "./calibration.ts";
import { centroidsOf } from "./centroids.ts";
import { type Cohort, type CohortStatistics, normalisedScore, normaliser } from "./cohort.ts";
import { fitLogistic } from "./logistic.ts";
import type { Matcher } from "./matcher.ts";
import type { RowPair } from "./pairMetric.ts";
import { projectFeatures } from "./projectFeatures.ts";
import { scoresToStore } from "./storedCalibration.ts";
import type { CohortCalibration } from "./storedCohort.ts";

/** Whose faces make a cohort. No person is in two of them. */
export interface CohortPeople {
  /** Features of people; their means are clustered. */
  readonly people: FeatureSet;
  /** Features of strangers of all kinds, each picture another person; what the set calls people are groups of them. */
  readonly strangers: FeatureSet;
  /** Features of the people to calibrate on, and their pairs. */
  readonly validation: FeatureSet;
  readonly pairs: { readonly same: readonly RowPair[]; readonly different: readonly RowPair[] };
}

export interface CohortOptions {
  /** Centroids of people and of strangers, each. */
  readonly centroids?: number;
  readonly nearest?: number;
  /** What pairs of strangers of one group weigh among all pairs of two people; 0: they teach nothing. */
  readonly strangersWeigh?: number;
  readonly rng: Rng;
  readonly multiply?: Multiply;
}

export const COHORT_DEFAULTS = { centroids: 200, nearest: 20, strangersWeigh: 0.3 } as const;

/** Of the strangers, every third picture is kept from the centroids, to make pairs of. */
const KEPT = 3;
/** Pairs of strangers of each group. */
const PAIRS_OF_GROUP = 6000;
/** Pairs of two validation people, of however many, that the weights are fitted on. */
const PAIRS_OF_PEOPLE = 20_000;

/**
 * Fits a cohort to `matcher`: centroids of people and of strangers, the weights of both scores by logistic regression
 * on pairs of validation people and of strangers of one group, and the curve on the validation people's alone.
 */
export async function fitCohort(
  matcher: Matcher,
  { people, strangers, validation, pairs }: CohortPeople,
  { rng, multiply, ...options }: CohortOptions,
): Promise<CohortCalibration> {
  const { centroids, nearest, strangersWeigh } = { ...COHORT_DEFAULTS, ...options };
  const facesOf = async (set: FeatureSet) => facesIn(await projectFeatures(matcher, { set }, multiply));
  const known = await facesOf(strangers);
  const sources = [meansOf(await facesOf(people), people), known.filter((_, row) => row % KEPT !== 0)];
  const how = { count: centroids, ratios: matcher.model.ratios, rng };
  const clusters = sources.flatMap((source) => centroidsOf(source, how));
  if (clusters.length < nearest) {
    const faces = sources.reduce((sum, { length }) => sum + length, 0);
    throw new InputError(`cohort: needs ${nearest} centroids, got ${clusters.length} of ${faces} people`);
  }
  const held = roundToBytes(rowsAsMatrix(clusters)); // as it is stored
  const ofValidation = comparison(matcher, { centroids: held, nearest }, await facesOf(validation));
  const ofStrangers = comparison(matcher, { centroids: held, nearest }, known);
  const different = pairs.different.slice(0, PAIRS_OF_PEOPLE);
  const outcomes = [
    { pairs: pairs.same.map(ofValidation), target: 1, weight: 1 },
    { pairs: different.map(ofValidation), target: 0, weight: 1 - strangersWeigh },
    { pairs: pairsWithinGroups(strangers, rng).map(ofStrangers), target: 0, weight: strangersWeigh },
  ];
  const { weights } = fitLogistic(
    outcomes
      .filter(({ pairs, weight }) => weight > 0 && pairs.length > 0)
      .map(({ pairs, ...outcome }) => ({ ...outcome, rows: rowsAsMatrix(pairs) })),
  );
  const [score, normalised] = weights;
  const scoreOf = (pair: RowPair) => {
    const both = ofValidation(pair);
    return score * both[0] + normalised * both[1];
  };
  const scores = (list: readonly RowPair[]) => scoresToStore(Float64Array.from(list, scoreOf));
  const cohort = { centroids: held, nearest, weights: { score, normalised } };
  return Object.assign(calibrate(scores(pairs.same), scores(pairs.different), { cohort }), { cohort });
}

/** Both scores of two rows of `faces`: as it is, and normalised. */
function comparison(matcher: Matcher, cohort: Pick<Cohort, "centroids" | "nearest">, faces: Float64Array[]) {
  const { statistics } = normaliser(matcher, cohort);
  const known = new Map<number, CohortStatistics>();
  const statisticsOf = (row: number) => {
    const found = known.get(row) ?? statistics([faces[row]]);
    known.set(row, found);
    return found;
  };
  return ([a, b]: RowPair) => {
    const score = matcher.pair(faces[a], faces[b]);
    return Float64Array.of(score, normalisedScore(score, statisticsOf(a), statisticsOf(b)));
  };
}

/** Random pairs of the kept strangers, within each group that has two of them. */
function pairsWithinGroups({ identities, names }: FeatureSet, rng: Rng): RowPair[] {
  const kept = [...names.keys()].filter((row) => row % KEPT === 0);
  return [...rowsByPerson(identities, kept).values()].flatMap((rows) => {
    if (rows.length < 2) return [];
    return Array.from({ length: PAIRS_OF_GROUP }, (): RowPair => {
      const first = rng.integer(rows.length);
      const second = (first + 1 + rng.integer(rows.length - 1)) % rows.length;
      return [rows[first], rows[second]];
    });
  });
}

const facesIn = ({ rows, columns, values }: Matrix): Float64Array[] =>
  Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));

/** The mean of each person's faces. */
function meansOf(faces: readonly Float64Array[], { identities }: FeatureSet): Float64Array[] {
  return Array.from(rowsByPerson(identities).values(), (rows) => {
    const mean = new Float64Array(faces[0].length);
    for (const row of rows) for (let k = 0; k < mean.length; k++) mean[k] += faces[row][k] / rows.length;
    return mean;
  });
}

function rowsAsMatrix(rows: readonly Float64Array[]): Matrix {
  const values = new Float64Array(rows.length * rows[0].length);
  for (const [i, row] of rows.entries()) values.set(row, i * row.length);
  return matrix(rows.length, rows[0].length, values);
}
