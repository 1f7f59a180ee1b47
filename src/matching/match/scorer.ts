/** The one way from projected faces to the score that people see. */
import { type Calibration, calibratedScore } from "./calibration.ts";
import type { Matcher } from "./matcher.ts";

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
  /** All faces of one set against all of another, each set of one person. */
  sets(as: readonly Float64Array[], bs: readonly Float64Array[]): Score;
}

export function createScorer(matcher: Matcher, calibration?: Calibration): Scorer {
  const scored = (matcherScore: number): Score => ({
    score: calibration ? calibratedScore(calibration, matcherScore) : matcherScore,
    matcherScore,
  });
  return {
    pair: (a, b) => scored(matcher.pair(a, b)),
    sets: (as, bs) => scored(matcher.sets(as, bs)),
  };
}
