/**
 * From a matcher's scores to the score that people see. Joint Bayesian's own ratio is far too sure of itself: its numbers
 * are not independent, and pictures differ in more than it was taught. Scores of held-out people say how sure it may be.
 *
 * The calibrated score is Platt's logistic curve, fitted to both kinds of pairs weighing the same: the log likelihood
 * ratio of one person against two, in nats. It assumes nothing beforehand; a prior adds its log odds.
 */
import { InputError } from "../../base/errors/index.ts";
import { matrix } from "../../math/linalg/index.ts";
import type { Cohort } from "./cohort.ts";
import { fitLogistic, probabilityOfLogit } from "./logistic.ts";

/** Scores of held-out pairs and the curve fitted to them. */
export interface Calibration extends Curve {
  /** Where there is one, scores are those that it has normalised (see `normaliser`). */
  readonly cohort?: Cohort;
  /** The scores of pairs of one person and of two people that the curve is fitted to, from the smallest up. */
  readonly same: Float64Array;
  readonly different: Float64Array;
  /** The same calibrated (see `calibratedScore`), from the smallest up. */
  readonly scores: { readonly same: Float64Array; readonly different: Float64Array };
}

/** Log likelihood ratio of one person = slope·score + offset. */
export interface Curve {
  readonly slope: number;
  readonly offset: number;
}

/**
 * Calibrates on scores of pairs of one person and of two people, at least two of each; with a `cohort`, on normalised ones. Where
 * the `fitted` curve is known, as it is kept beside the scores, it is not fitted again: that is a tenth of a program's start.
 */
export function calibrate(
  same: Float64Array,
  different: Float64Array,
  { cohort, fitted }: { readonly cohort?: Cohort; readonly fitted?: Curve } = {},
): Calibration {
  if (!(same.length >= 2 && different.length >= 2)) {
    throw new InputError(
      `calibrate: needs at least 2 scores of either kind, got ${same.length} same, ${different.length} different`,
    );
  }
  if (!(same.every(Number.isFinite) && different.every(Number.isFinite))) {
    throw new InputError("calibrate: scores must be finite");
  }
  const sorted = { same: same.slice().sort(), different: different.slice().sort() };
  // Computed when first asked for: of a system's many matchers, few are.
  const curve = once(() => fitted ?? fitCurve(sorted.same, sorted.different));
  const scores = once(() => ({
    same: sorted.same.map((score) => calibratedScore(curve(), score)).sort(),
    different: sorted.different.map((score) => calibratedScore(curve(), score)).sort(),
  }));
  return {
    ...sorted,
    cohort,
    get slope() {
      return curve().slope;
    },
    get offset() {
      return curve().offset;
    },
    get scores() {
      return scores();
    },
  };
}

function once<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

/** The log likelihood ratio of one person against two, in nats, of a pair with this score of the matcher. */
export const calibratedScore = ({ slope, offset }: Curve, score: number): number => slope * score + offset;

/** The probability of one person at even prior odds, of a calibrated score: its logistic. */
export const probabilityAtEvenOdds = probabilityOfLogit;

/**
 * Fits the logistic curve. Targets are drawn in from 0 and 1 as if one more pair of each kind had been seen (Platt, 1999),
 * which keeps the slope finite where the kinds do not overlap.
 */
function fitCurve(same: Float64Array, different: Float64Array): Curve {
  const rowsOf = (scores: Float64Array) => matrix(scores.length, 1, scores);
  const { weights, offset } = fitLogistic([
    { rows: rowsOf(same), target: (same.length + 1) / (same.length + 2), weight: 1 },
    { rows: rowsOf(different), target: 1 / (different.length + 2), weight: 1 },
  ]);
  return { slope: weights[0], offset };
}
