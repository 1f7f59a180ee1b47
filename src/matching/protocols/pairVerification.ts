/** Verification of pairs by one of the metrics, over folds. */

import { InputError } from "../../base/errors/index.ts";
import { createRng, shuffle } from "../../base/random/index.ts";
import type { FeatureSet } from "../features/index.ts";
import {
  calibrated,
  cosine,
  euclidean,
  hamming,
  jointBayesian,
  matcherCodes,
  type PairMetric,
  type StoredMatcher,
} from "../match/index.ts";
import { type LabelledPair, scoreFolds } from "./scoredPairs.ts";
import { type Verification, verification } from "./verification.ts";

/** Metrics by the names that options and results use. */
export const METRIC_NAMES = [
  "joint-bayesian",
  "calibrated",
  "cosine",
  "euclidean",
  "hamming",
  "codes",
] as const;

export type MetricName = (typeof METRIC_NAMES)[number];

/** The metric of that name; an InputError where it needs a matcher or a calibration, and none is given. */
export function metricNamed(
  name: MetricName,
  { matcher, calibration }: Partial<StoredMatcher> = {},
): PairMetric {
  if (name === "cosine" || name === "euclidean" || name === "hamming") {
    return { cosine, euclidean, hamming: hamming() }[name];
  }
  if (!matcher) throw new InputError(`${name} needs a matcher`);
  if (name === "codes") return matcherCodes(matcher);
  if (name === "joint-bayesian") return jointBayesian(matcher);
  if (!calibration) throw new InputError("calibrated needs a matcher that is calibrated");
  return calibrated(matcher, calibration);
}

export interface NamedVerification extends Verification {
  readonly metric: MetricName;
}

/** Scores and decides the pairs of all folds. */
export function verifyBy(
  name: MetricName,
  metric: PairMetric,
  set: FeatureSet,
  folds: readonly (readonly LabelledPair[])[],
): NamedVerification {
  return { ...verification(scoreFolds(metric, set, folds), name), metric: name };
}

const DEALT_FOLDS = 10;

/**
 * The folds to decide by. A single one, as in LFW's View 1, leaves no other to choose a threshold on, so its pairs
 * are dealt at random, as many of each kind to each of ten.
 */
export function foldsOf(folds: readonly (readonly LabelledPair[])[]): {
  folds: readonly (readonly LabelledPair[])[];
  dealt: boolean;
} {
  if (folds.length > 1) return { folds, dealt: false };
  const rng = createRng(1).fork("folds of one");
  const [same, different] = [true, false].map((kind) =>
    shuffle(
      folds[0].filter((pair) => pair.same === kind),
      rng,
    ),
  );
  const number = Math.min(DEALT_FOLDS, same.length, different.length);
  const dealt = Array.from({ length: number }, (_, fold) =>
    [same, different].flatMap((pairs) => pairs.filter((_, i) => i % number === fold)),
  );
  return { folds: dealt, dealt: true };
}
