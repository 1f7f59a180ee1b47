/** From scores to verdicts: which threshold is asked for, and on which side of it a score lies. Runs in a browser, too. */
import { InputError } from "../../base/errors/index.ts";
import {
  type Calibration,
  type OperatingPoint,
  operatingPoints,
  type PointName,
  pointAtRate,
  pointInGallery,
  probabilityAtEvenOdds,
} from "../../matching/match/index.ts";
import type { DecisionThreshold, Verdict } from "./answers.ts";

/** How strangers in a gallery are kept from being named: their share, by default and where a name is said to be sure. */
export const FALSE_ALARM_RATES = { default: 0.1, strict: 0.01 } as const;

/** Which threshold is asked for: a point by name (default: balanced), or a share of pairs of strangers. */
export interface DecisionChoice {
  readonly point?: PointName;
  /** In (0, 1), in place of `point`. */
  readonly falseAcceptRate?: number;
}

/** What a score is judged by. */
export interface Decision {
  readonly threshold: DecisionThreshold;
  /** Above it a verdict is sure; never below the threshold. */
  readonly strict: number;
  readonly calibration: Calibration | undefined;
}

/** The decision on a pair. A rate that was never observed is refused with an InputError. */
export function decisionOf(calibration: Calibration | undefined, choice: DecisionChoice = {}): Decision {
  const { point = "balanced", falseAcceptRate } = choice;
  if (choice.point !== undefined && falseAcceptRate !== undefined) {
    throw new InputError("a decision takes a point or a false accept rate, got both");
  }
  if (!calibration) return UNCALIBRATED;
  const points = operatingPoints(calibration);
  const chosen = falseAcceptRate === undefined ? points[point] : pointAtRate(calibration, falseAcceptRate);
  const name = falseAcceptRate === undefined ? point : null;
  return decision(calibration, chosen, { name, strict: points.strict.score });
}

/** The decision on a stranger or somebody among `people`; see `pointInGallery`. Sure is at least what is sure of a pair. */
export function galleryDecisionOf(
  calibration: Calibration | undefined,
  { people, rate = FALSE_ALARM_RATES.default }: { readonly people: number; readonly rate?: number },
): Decision {
  if (!calibration) return UNCALIBRATED;
  const chosen = pointInGallery(calibration, { people, rate });
  const pair = operatingPoints(calibration);
  const strict = pointInGallery(calibration, { people, rate: FALSE_ALARM_RATES.strict });
  return decision(calibration, chosen, { name: null, strict: Math.max(strict.score, pair.strict.score) });
}

const decision = (
  calibration: Calibration,
  { score, falseAcceptRate, falseRejectRate }: OperatingPoint,
  { name, strict }: { readonly name: PointName | null; readonly strict: number },
): Decision => ({
  calibration,
  strict: Math.max(strict, score),
  threshold: {
    point: name,
    score,
    probabilityAtEvenOdds: probabilityAtEvenOdds(score),
    falseAcceptRate,
    falseRejectRate,
  },
});

/** Without calibration a score above 0 is the matcher's guess. */
const UNCALIBRATED: Decision = {
  calibration: undefined,
  strict: Number.POSITIVE_INFINITY,
  threshold: {
    point: null,
    score: 0,
    probabilityAtEvenOdds: null,
    falseAcceptRate: null,
    falseRejectRate: null,
  },
};

/** What `score` comes to. */
export function verdictOf({ threshold, strict }: Decision, score: number): Verdict {
  if (!(score > threshold.score)) return "different";
  return score > strict ? "same" : "probably the same";
}

/** The probability at even odds that a score stands for; null without calibration. */
export const probabilityOf = ({ calibration }: Decision, score: number): number | null =>
  calibration ? probabilityAtEvenOdds(score) : null;

/** Share of strangers taken for one of `people`, of the share accepted in one comparison, as if those were independent. */
export const falseAlarmRateOf = (falseAcceptRate: number, people: number): number =>
  falseAcceptRate >= 1 ? Math.sign(people) : -Math.expm1(people * Math.log1p(-falseAcceptRate));
