/** The one way from projected faces to the score that people see. */
import { type Calibration, calibratedScore } from "./calibration.ts";
import { type Cohort, type CohortStatistics, combinedScore, normaliser } from "./cohort.ts";
import type { Matcher } from "./matcher.ts";
import { type PairMetric, pairMetric } from "./pairMetric.ts";

/** A comparison's score. */
export interface Score {
  /** The calibrated log likelihood ratio of one person against two, in nats; the matcher's where it is not calibrated. */
  readonly score: number;
  /** The matcher's own ratio, before calibration. */
  readonly matcherScore: number;
}

/** Compares faces given by their coordinates, rows of `matcher.project`. */
export interface Scorer {
  pair(a: Float64Array, b: Float64Array): Score;
  /** All faces of one set against all of another, each set of one person. Sets must not change afterwards. */
  sets(as: readonly Float64Array[], bs: readonly Float64Array[]): Score;
}

export function createScorer(matcher: Matcher, calibration?: Calibration): Scorer {
  const compared = calibration?.cohort ? withCohort(matcher, calibration.cohort) : () => undefined;
  const scored = (matcherScore: number, as: Faces, bs: Faces): Score => ({
    score: calibration
      ? calibratedScore(calibration, compared(matcherScore, as, bs) ?? matcherScore)
      : matcherScore,
    matcherScore,
  });
  return {
    pair: (a, b) => scored(matcher.pair(a, b), [a], [b]),
    sets: (as, bs) => scored(matcher.sets(as, bs), as, bs),
  };
}

type Faces = readonly Float64Array[];

/** The normalised score of two sets. Statistics of a face or a set are computed once, however many it is compared with. */
function withCohort(matcher: Matcher, cohort: Cohort) {
  const { statistics } = normaliser(matcher, cohort);
  const known = new WeakMap<Float64Array | Faces, CohortStatistics>();
  const statisticsOf = (faces: Faces) => {
    const key = faces.length > 1 ? faces : faces[0];
    const found = known.get(key) ?? statistics(faces);
    known.set(key, found);
    return found;
  };
  return (score: number, as: Faces, bs: Faces): number | undefined =>
    combinedScore(cohort.weights, score, statisticsOf(as), statisticsOf(bs));
}

/** The calibrated score as a metric: that of Joint Bayesian, or, where the calibration has a cohort, one that it normalises. */
export const calibrated = (matcher: Matcher, calibration: Calibration): PairMetric =>
  pairMetric("calibrated", (set) => {
    const scorer = createScorer(matcher, calibration);
    const { rows, columns, values } = matcher.project(set);
    const faces = Array.from({ length: rows }, (_, row) =>
      values.subarray(row * columns, (row + 1) * columns),
    );
    return (first, second) => scorer.pair(faces[first], faces[second]).score;
  });
