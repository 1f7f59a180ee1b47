/** Gives the matcher of a model or a system a cohort, and its card what it was made of. */
import { createRng } from "../../base/random/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import { COHORT_DEFAULTS, fitCohort } from "../../matching/match/index.ts";
import { assertNoOverlap } from "../../matching/protocols/index.ts";
import type { Multiply } from "../../math/linalg/index.ts";
import { isSystem, openSystem, readCard, readSystemCard, replaceCohort } from "../models/index.ts";
import { validationPairs } from "./chooseMatcher.ts";

/** Features by all the nets of the model or system. */
export interface CohortFeatures {
  /** People who taught the matcher, and others to calibrate on. */
  readonly people: FeatureSet;
  readonly validation: FeatureSet;
  /** People of all kinds, each picture another person; what the set calls people are kinds. */
  readonly strangers: FeatureSet;
}

export interface ModelCohortOptions {
  readonly centroids?: number;
  readonly nearest?: number;
  readonly strangersWeigh?: number;
  readonly seed?: number;
  readonly multiply?: Multiply;
}

/** What a card says of its cohort. */
export interface CohortOnCard {
  readonly people: number;
  readonly strangers: number;
  readonly centroids: number;
  readonly nearest: number;
  readonly weights: { readonly score: number; readonly normalised: number };
}

/**
 * Fits a cohort (see `fitCohort`) to the matcher of the model or system in `folder`, which stays as it is, and calibrates it
 * anew.
 */
export async function fitModelCohort(
  folder: string,
  { people, validation, strangers }: CohortFeatures,
  { seed = 1, multiply, ...chosen }: ModelCohortOptions = {},
): Promise<CohortOnCard> {
  assertNoOverlap(people.identities, validation.identities);
  const { matcher: stored, release } = await openSystem(folder); // every file checked
  await release();
  const { matcher } = stored;
  const rng = createRng(seed);
  const pairs = validationPairs(validation, rng.fork("validation pairs"));
  const options = { ...COHORT_DEFAULTS, ...chosen, rng: rng.fork("cohort"), multiply };
  const calibration = await fitCohort(matcher, { people, strangers, validation, pairs }, options);
  const { centroids, nearest, weights } = calibration.cohort;
  const cohort = {
    people: new Set(people.identities).size,
    strangers: strangers.rows,
    centroids: centroids.rows,
    nearest,
    weights,
  };
  const { matching } = await (isSystem(folder) ? readSystemCard(folder) : readCard(folder));
  await replaceCohort(folder, calibration, { ...matching, cohort });
  return cohort;
}
