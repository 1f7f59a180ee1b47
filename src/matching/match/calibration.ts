/**
 * From a matcher's scores to the score that people see. Joint Bayesian's own ratio is far too sure of itself: its numbers
 * are not independent, and pictures differ in more than it was taught. Scores of held-out people say how sure it may be.
 *
 * The calibrated score is Platt's logistic curve, fitted to both kinds of pairs weighing the same: the log likelihood
 * ratio of one person against two, in nats. It assumes nothing beforehand; a prior adds its log odds.
 */
import { InputError } from "../../base/errors/index.ts";

/** Scores of held-out pairs and the curve fitted to them. */
export interface Calibration extends Curve {
  /** The matcher's scores of pairs of one person and of two people, from the smallest up. */
  readonly same: Float64Array;
  readonly different: Float64Array;
  /** The same calibrated (see `calibratedScore`), from the smallest up. */
  readonly scores: { readonly same: Float64Array; readonly different: Float64Array };
}

/** Log likelihood ratio of one person = slope·score + offset. */
interface Curve {
  readonly slope: number;
  readonly offset: number;
}

/** Calibrates on a matcher's scores of pairs of one person and of two people, at least two of each. */
export function calibrate(same: Float64Array, different: Float64Array): Calibration {
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
  const curve = once(() => fitCurve(sorted.same, sorted.different));
  const scores = once(() => ({
    same: sorted.same.map((score) => calibratedScore(curve(), score)).sort(),
    different: sorted.different.map((score) => calibratedScore(curve(), score)).sort(),
  }));
  return {
    ...sorted,
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

/** The probability of one person at even odds beforehand, of a calibrated score: its logistic. */
export function probabilityAtEvenOdds(score: number): number {
  return score >= 0 ? 1 / (1 + Math.exp(-score)) : Math.exp(score) / (1 + Math.exp(score));
}

/**
 * Fits the logistic curve by Newton's method on the cross-entropy. Targets are drawn in from 0 and 1 as if one more
 * pair of each kind had been seen (Platt, 1999), which keeps the slope finite where the kinds do not overlap.
 */
function fitCurve(same: Float64Array, different: Float64Array): Curve {
  const count = same.length + different.length;
  const meanOf = (of: (score: number) => number) =>
    [same, different].reduce((sum, scores) => scores.reduce((part, score) => part + of(score), sum), 0) /
    count;
  const centre = meanOf((score) => score);
  const spread = Math.sqrt(meanOf((score) => (score - centre) ** 2)) || 1;
  const kinds = [
    { x: same.map((score) => (score - centre) / spread), target: (same.length + 1) / (same.length + 2) },
    { x: different.map((score) => (score - centre) / spread), target: 1 / (different.length + 2) },
  ];
  let [a, b] = [0, 0];
  let loss = lossAt(kinds, a, b);
  for (let round = 0; round < 100; round++) {
    const [da, db] = newtonStep(kinds, a, b);
    let size = 1; // halved until the loss does not rise
    let next = lossAt(kinds, a + da, b + db);
    while (size > 1e-10 && !(next <= loss)) {
      size /= 2;
      next = lossAt(kinds, a + size * da, b + size * db);
    }
    [a, b, loss] = [a + size * da, b + size * db, next];
    if (Math.abs(da) + Math.abs(db) < 1e-10) break;
  }
  return { slope: a / spread, offset: b - (a * centre) / spread };
}

/** Standardised scores of one kind, and what the curve should say of them. */
interface Kind {
  readonly x: Float64Array;
  readonly target: number;
}

/** Mean cross-entropy of either kind at a·x + b, added. */
function lossAt(kinds: readonly Kind[], a: number, b: number): number {
  let loss = 0;
  for (const { x, target } of kinds) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) {
      const z = a * x[i] + b;
      sum += softplus(z) - target * z;
    }
    loss += sum / x.length;
  }
  return loss;
}

function newtonStep(kinds: readonly Kind[], a: number, b: number): [number, number] {
  let [ga, gb, haa, hab, hbb] = [0, 0, 1e-12, 0, 1e-12];
  for (const { x, target } of kinds) {
    for (let i = 0; i < x.length; i++) {
      const p = probabilityAtEvenOdds(a * x[i] + b);
      const residual = (p - target) / x.length;
      const weight = (p * (1 - p)) / x.length;
      ga += residual * x[i];
      gb += residual;
      haa += weight * x[i] ** 2;
      hab += weight * x[i];
      hbb += weight;
    }
  }
  const determinant = haa * hbb - hab * hab;
  return [-(hbb * ga - hab * gb) / determinant, -(haa * gb - hab * ga) / determinant];
}

const softplus = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
