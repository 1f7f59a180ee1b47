/** The threshold that tells scored pairs apart best. A pair counts as one person if its score is above it. */
import { type Rng, shuffle } from "../../base/random/index.ts";
import { checkScores, type ScoredPair } from "./scoredPairs.ts";

/** A threshold and the share of the pairs, 0 to 1, that it was chosen on and gets right. */
export interface Threshold {
  readonly threshold: number;
  readonly accuracy: number;
}

/**
 * The threshold of most right decisions on `pairs`, in O(n log n). Every threshold between two neighbouring scores
 * decides alike, so the midpoint stands for them; among equally good intervals the widest is taken, of equally wide
 * ones the lowest. If it is best to accept all or none, the threshold lies a whole range of scores outside.
 */
export function bestThreshold(pairs: readonly ScoredPair[]): Threshold {
  checkScores("bestThreshold", pairs);
  const sorted = [...pairs].sort((p, q) => p.score - q.score);
  const [lowest, highest] = [sorted[0].score, sorted[sorted.length - 1].score];
  const range = highest - lowest || 1;
  let right = sorted.reduce((sum, { same }) => sum + (same ? 1 : 0), 0); // all accepted
  let best = { right, width: 0, threshold: lowest - range };
  for (let i = 0; i < sorted.length; i++) {
    right += sorted[i].same ? -1 : 1; // the threshold rises above pair i
    const score = sorted[i].score;
    const next = sorted[i + 1]?.score;
    if (next === score) continue;
    const width = next === undefined ? 0 : next - score;
    if (right < best.right || (right === best.right && width <= best.width)) continue;
    best = { right, width, threshold: next === undefined ? highest + range : midpoint(score, next) };
  }
  return { threshold: best.threshold, accuracy: best.right / pairs.length };
}

/** Share of the pairs, 0 to 1, that `threshold` gets right. */
export function accuracyAt(pairs: readonly ScoredPair[], threshold: number): number {
  checkScores("accuracyAt", pairs);
  return pairs.filter(({ score, same }) => score > threshold === same).length / pairs.length;
}

/**
 * Accuracy at the threshold that is best for these very pairs: OPTIMISTIC, most so for few pairs. Good for watching
 * a training run; not a result.
 */
export function bestThresholdAccuracy(pairs: readonly ScoredPair[]): number {
  return bestThreshold(pairs).accuracy;
}

/**
 * Accuracy of pairs that come without folds: they are dealt to `folds` at random, each decided by the threshold that
 * is best on the others. Not optimistic about the threshold; people may stand in several folds.
 */
export function crossValidatedAccuracy(
  pairs: readonly ScoredPair[],
  { folds = 10, rng }: { readonly folds?: number; readonly rng: Rng },
): number {
  const dealt = shuffle(pairs, rng);
  const right = Array.from({ length: Math.min(folds, dealt.length) }, (_, fold) => {
    const held = dealt.filter((_, i) => i % folds === fold);
    const { threshold } = bestThreshold(dealt.filter((_, i) => i % folds !== fold));
    return accuracyAt(held, threshold) * held.length;
  });
  return right.reduce((sum, n) => sum + n, 0) / pairs.length;
}

/** Between `low` and `high`, and below `high` even where no number lies between them. */
function midpoint(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle < high ? Math.max(middle, low) : low;
}
