/** Pairs with their scores: what every verification figure is computed from. */
import { InputError } from "../../base/errors/index.ts";
import type { FeatureSet } from "../features/index.ts";
import type { PairMetric } from "../match/index.ts";

/** Two rows of a feature set, and whether they show one person. */
export interface LabelledPair {
  readonly a: number;
  readonly b: number;
  readonly same: boolean;
}

/** How alike a metric finds the two faces of a pair (larger is more alike), and whether they show one person. */
export interface ScoredPair {
  readonly score: number;
  readonly same: boolean;
}

/** Scores the pairs of every fold; the metric prepares the set once. */
export function scoreFolds(
  metric: PairMetric,
  set: FeatureSet,
  folds: readonly (readonly LabelledPair[])[],
): ScoredPair[][] {
  const scores = metric.score(
    set,
    folds.flat().map(({ a, b }) => [a, b]),
  );
  let at = 0;
  return folds.map((fold) => fold.map(({ same }) => ({ score: scores[at++], same })));
}

/** Refuses scores that cannot be put in order. `what` names the caller. */
export function checkScores(what: string, pairs: readonly ScoredPair[]): void {
  if (!(pairs.length >= 1)) throw new InputError(`${what}: needs at least one pair, got none`);
  const broken = pairs.findIndex(({ score }) => !Number.isFinite(score));
  if (broken !== -1) {
    throw new InputError(`${what}: scores must be finite, got ${pairs[broken].score} for pair ${broken}`);
  }
}
