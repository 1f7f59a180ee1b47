/** From the features of two faces to a verdict; no photos and no nets, so that it also runs in a browser. */
import { binarise, createFeatureSet, type FeatureSet, rowOf } from "../../matching/features/index.ts";
import {
  type Calibration,
  codeOf,
  cosine,
  errorRatesAt,
  hammingDistance,
  jointBayesian,
  probabilityOfSame,
  type StoredMatcher,
  thresholdAtFalseAcceptRate,
} from "../../matching/match/index.ts";
import type { DecisionThreshold, Verdict } from "./answers.ts";

/** What strangers are accepted by where nothing is said. */
export const FALSE_ACCEPT_RATE = 0.001;

/** What a verdict says of two faces, without their pictures. */
export type PairVerdict = Omit<Verdict, "faces" | "figure">;

/** The verdict on two faces whose features are known, of a model whose codes have `neurons` bits. */
export function judgePair(
  matcher: StoredMatcher,
  neurons: number,
  [a, b]: readonly [readonly number[], readonly number[]],
  falseAcceptRate: number = FALSE_ACCEPT_RATE,
): PairVerdict {
  const names = ["a", "b"];
  const set = createFeatureSet(Float32Array.from([...a, ...b]), a.length, { names, identities: names });
  return judgeRows(matcher, neurons, set, thresholdAt(matcher.calibration, falseAcceptRate));
}

/** The verdict on the first two rows of `set`. */
export function judgeRows(
  { matcher, calibration }: StoredMatcher,
  neurons: number,
  set: FeatureSet,
  threshold: DecisionThreshold,
): PairVerdict {
  const codes = codesOf(neurons, set);
  const logLikelihoodRatio = jointBayesian(matcher).score(set, [[0, 1]])[0];
  return {
    samePerson: logLikelihoodRatio > threshold.value,
    logLikelihoodRatio,
    threshold,
    probability: probabilityAt(calibration, logLikelihoodRatio),
    cosine: cosine.score(set, [[0, 1]])[0],
    hamming: { distance: hammingDistance(codeOf(codes, 0), codeOf(codes, 1)), bits: codes.bits },
  };
}

/** The binary codes of `set`, as a gallery keeps them. */
export function codesOf(neurons: number, set: FeatureSet) {
  const values = new Float32Array(set.rows * neurons);
  for (let row = 0; row < set.rows; row++) values.set(rowOf(set, row).subarray(0, neurons), row * neurons);
  return binarise(createFeatureSet(values, neurons, set));
}

/** The threshold at which strangers are accepted no more often than `rate`; even odds without calibration. */
export function thresholdAt(calibration: Calibration | undefined, rate: number): DecisionThreshold {
  if (!calibration) return { value: 0, falseAcceptRate: null, falseRejectRate: null };
  const value = thresholdAtFalseAcceptRate(calibration, rate);
  const { falseAccept, falseReject } = errorRatesAt(calibration, value);
  return { value, falseAcceptRate: falseAccept, falseRejectRate: falseReject };
}

export const probabilityAt = (calibration: Calibration | undefined, score: number): number | null =>
  calibration ? probabilityOfSame(calibration, score) : null;
