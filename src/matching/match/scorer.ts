/** The one way from projected faces to the score that people see. */
import { type Calibration, calibratedScore } from "./calibration.ts";
import { combinedScore, normaliser } from "./cohort.ts";
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

export interface ScorerOptions {
  /** How much the faces of a set say the same, 0 (default: nothing) to 1; see `LikelihoodRatio.summary`. */
  readonly correlation?: number;
}

export function createScorer(
  matcher: Matcher,
  calibration?: Calibration,
  { correlation }: ScorerOptions = {},
): Scorer {
  const cohort = calibration?.cohort;
  const statistics = cohort && normaliser(matcher, cohort).statistics;
  const statisticsOf = statistics && keyedByFaces((faces) => statistics(faces, correlation));
  const summaryOf = keyedByFaces((faces) => matcher.summary(faces, correlation));
  const scored = (matcherScore: number, as: Faces, bs: Faces): Score => {
    if (!calibration) return { score: matcherScore, matcherScore };
    const compared = cohort
      ? combinedScore(cohort.weights, matcherScore, statisticsOf!(as), statisticsOf!(bs))
      : matcherScore;
    return { score: calibratedScore(calibration, compared), matcherScore };
  };
  return {
    pair: (a, b) => scored(matcher.pair(a, b), [a], [b]),
    sets: (as, bs) => scored(matcher.compare(summaryOf(as), summaryOf(bs)), as, bs),
  };
}

type Faces = readonly Float64Array[];

/** What `of` says of a face or a set, computed once, however many it is compared with. */
function keyedByFaces<T>(of: (faces: Faces) => T): (faces: Faces) => T {
  const known = new WeakMap<Float64Array | Faces, T>();
  return (faces) => {
    const key = faces.length === 1 ? faces[0] : faces;
    const found = known.get(key) ?? of(faces);
    known.set(key, found);
    return found;
  };
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
