/**
 * Adaptive score normalisation by a cohort [Matějka et al., Interspeech 2017]: how alike two faces are, against how alike each
 * is to others who are like it. A face of a group that training saw little of is like many strangers; its scores are high
 * throughout, and one threshold for all would let more of its strangers pass than of others'.
 *
 * A face's statistics are the mean m and deviation d of its highest scores against the cohort; the normalised score of a
 * pair is ½[(s - m_a) / d_a + (s - m_b) / d_b].
 */
import type { Matrix } from "../../math/linalg/index.ts";
import type { LikelihoodRatio } from "./jointBayesian.ts";

/** Whom faces are compared with, and what is made of it. */
export interface Cohort {
  /** Coordinates [n, k] of centroids of several people each, so that no row is anybody's. */
  readonly centroids: Matrix;
  /** How many of a face's highest scores make its statistics: 2 to n. */
  readonly nearest: number;
  /** What the score as it is and the normalised score weigh in their sum. */
  readonly weights: { readonly score: number; readonly normalised: number };
}

/** A face's, or a set's, highest scores against the cohort. */
export interface CohortStatistics {
  readonly mean: number;
  readonly deviation: number;
}

/** Compares faces with a cohort. */
export interface Normaliser {
  /** Of faces [k] of one person, compared as a set (see `LikelihoodRatio.summary` for `correlation`). */
  statistics(faces: readonly Float64Array[], correlation?: number): CohortStatistics;
}

/** ½[(s - m_a) / d_a + (s - m_b) / d_b] */
export const normalisedScore = (score: number, a: CohortStatistics, b: CohortStatistics): number =>
  ((score - a.mean) / a.deviation + (score - b.mean) / b.deviation) / 2;

/** The sum of both scores by their weights. */
export const combinedScore = (
  { score: own, normalised }: Cohort["weights"],
  score: number,
  a: CohortStatistics,
  b: CohortStatistics,
): number => own * score + normalised * normalisedScore(score, a, b);

/** Deviations below are those of a cohort of one face many times. */
const SMALLEST = 1e-6;

export function normaliser(
  matcher: LikelihoodRatio,
  { centroids, nearest }: Pick<Cohort, "centroids" | "nearest">,
): Normaliser {
  const { rows, columns, values } = centroids;
  const others = Array.from({ length: rows }, (_, row) =>
    matcher.summary([values.subarray(row * columns, (row + 1) * columns)]),
  );
  return {
    statistics(faces, correlation) {
      const own = matcher.summary(faces, correlation);
      const highest = Float64Array.from(others, (other) => matcher.compare(own, other))
        .sort()
        .subarray(rows - nearest);
      const mean = highest.reduce((sum, value) => sum + value, 0) / nearest;
      const variance = highest.reduce((sum, value) => sum + (value - mean) ** 2, 0) / nearest;
      return { mean, deviation: Math.max(SMALLEST, Math.sqrt(variance)) };
    },
  };
}
