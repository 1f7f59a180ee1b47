/**
 * Where accepting begins. All of it is measured on the pairs that the matcher is calibrated on: people whom neither net
 * nor matcher has learned from. Scores are calibrated ones, in nats; a pair is accepted above the threshold.
 */
import { InputError } from "../../base/errors/index.ts";
import type { Calibration } from "./calibration.ts";

/** A threshold and how often it is wrong. */
export interface OperatingPoint {
  /** Scores above it are accepted. */
  readonly score: number;
  /** Share of pairs of two people that score above it. */
  readonly falseAcceptRate: number;
  /** Share of pairs of one person that do not. */
  readonly falseRejectRate: number;
}

export type PointName = "strict" | "balanced";

/** The most strangers that either point accepts. */
export const POINT_RATES = { strict: 0.001, balanced: 1 / 300 } as const;

/**
 * The two named points. `strict` accepts at most 1 pair of strangers in 1,000. `balanced` is where errors are fewest,
 * strangers and true pairs weighing the same, among the thresholds that accept at most 1 in 300: who shows two photos
 * forgives a refusal sooner than a stranger's name, and of pictures of another kind more pass. Where fewer pairs are known than a rate needs, none is accepted.
 */
export function operatingPoints(calibration: Calibration): Record<PointName, OperatingPoint> {
  const { different } = calibration.scores;
  const strict = thresholdAt(different, POINT_RATES.strict);
  const fewest = Math.max(thresholdAt(different, POINT_RATES.balanced), leastErrorThreshold(calibration));
  const balanced = Math.min(strict, fewest);
  return { strict: pointAt(calibration, strict), balanced: pointAt(calibration, balanced) };
}

/** The point at a threshold. */
export function pointAt(calibration: Calibration, score: number): OperatingPoint {
  const { same, different } = calibration.scores;
  return {
    score,
    falseAcceptRate: shareAbove(different, score),
    falseRejectRate: 1 - shareAbove(same, score),
  };
}

/**
 * The point that accepts at most the share `rate` of pairs of strangers. There must be at least 1 / rate of them: a
 * rarer event was not observed.
 */
export function pointAtRate(calibration: Calibration, rate: number): OperatingPoint {
  const { different } = calibration.scores;
  const n = different.length;
  if (!(rate > 0 && rate < 1)) throw new InputError(`calibration: rate must be in (0, 1), got ${rate}`);
  if (!(rate * n >= 1)) {
    throw new InputError(
      `calibration: a false accept rate of ${rate} needs at least ${Math.ceil(1 / rate)} different pairs, got ${n}`,
    );
  }
  return pointAt(calibration, thresholdAt(different, rate));
}

/**
 * The point at which the share `rate` of strangers is taken for somebody in a gallery of `people`, as if comparisons
 * with them were independent. Rates of a pair below one in 500 are too rare to be counted well; there the
 * threshold follows the exponential tail that fits the highest scores (peaks over a threshold). It is never below 0: nobody is taken for
 * somebody who is less likely that person than not, however few people there are.
 */
export function pointInGallery(
  calibration: Calibration,
  { people, rate }: { readonly people: number; readonly rate: number },
): OperatingPoint {
  if (!(rate > 0 && rate < 1)) throw new InputError(`calibration: rate must be in (0, 1), got ${rate}`);
  const ofPair = -Math.expm1(Math.log1p(-rate) / Math.max(1, people)); // 1 - (1 - rate)^(1 / people)
  const { different } = calibration.scores;
  const n = different.length;
  const highest = Math.min(n - 1, Math.max(10, Math.round(n / 500)));
  if (ofPair * n >= highest) return pointAt(calibration, Math.max(0, thresholdAt(different, ofPair)));
  const from = different[n - 1 - highest];
  let excess = 0;
  for (let i = n - highest; i < n; i++) excess += (different[i] - from) / highest;
  const score = from + excess * Math.log(highest / n / ofPair);
  return { ...pointAt(calibration, score), falseAcceptRate: ofPair };
}

/** Shares of pairs of either kind whose score is at least `score`. */
export function sharesAtLeast({ scores: { same, different } }: Calibration, score: number) {
  const share = (sorted: Float64Array) => (sorted.length - firstAtLeast(sorted, score)) / sorted.length;
  return { same: share(same), different: share(different) };
}

/** The lowest score above which at most the share `rate` of `sorted` lies. */
function thresholdAt(sorted: Float64Array, rate: number): number {
  const n = sorted.length;
  return sorted[n - 1 - Math.min(n - 1, Math.floor(rate * n + 1e-9))]; // 0.3 * 10 must count as 3
}

function shareAbove(sorted: Float64Array, score: number): number {
  let above = firstAtLeast(sorted, score);
  while (above < sorted.length && sorted[above] === score) above++;
  return (sorted.length - above) / sorted.length;
}

/** Where the first value of at least `score` lies in `sorted`. */
function firstAtLeast(sorted: Float64Array, score: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] >= score) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The threshold at which the shares of strangers accepted and of true pairs refused add up to least. */
function leastErrorThreshold({ scores: { same, different } }: Calibration): number {
  let best = { threshold: different[different.length - 1], error: Number.POSITIVE_INFINITY };
  let refused = 0;
  for (let i = 0; i < different.length; i++) {
    const threshold = different[i];
    if (different[i + 1] === threshold) continue;
    while (refused < same.length && same[refused] <= threshold) refused++;
    const error = refused / same.length + (different.length - 1 - i) / different.length;
    if (error < best.error) best = { threshold, error };
  }
  return best.threshold;
}
