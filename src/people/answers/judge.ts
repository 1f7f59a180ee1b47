/** From the features of two faces to a verdict; no photos and no nets, so that it also runs in a browser. */
import { binarise, createFeatureSet, type FeatureSet, rowOf } from "../../matching/features/index.ts";
import {
  codeOf,
  cosine,
  createScorer,
  hammingDistance,
  type StoredMatcher,
} from "../../matching/match/index.ts";
import type { PairVerdict } from "./answers.ts";
import { type Decision, type DecisionChoice, decisionOf, probabilityOf, verdictOf } from "./decision.ts";
import { explainPair } from "./explain.ts";

/** The verdict on two faces whose features are known, of a model whose codes have `neurons` bits. */
export function judgePair(
  matcher: StoredMatcher,
  neurons: number,
  [a, b]: readonly [readonly number[], readonly number[]],
  choice: DecisionChoice = {},
): PairVerdict {
  const names = ["a", "b"];
  const set = createFeatureSet(Float32Array.from([...a, ...b]), a.length, { names, identities: names });
  return judgeRows(matcher, neurons, set, decisionOf(matcher.calibration, choice));
}

/** The verdict on the first two rows of `set`. */
export function judgeRows(
  { matcher, calibration }: StoredMatcher,
  neurons: number,
  set: FeatureSet,
  decision: Decision,
): PairVerdict {
  const codes = codesOf(neurons, set);
  const { values, columns } = matcher.project(set);
  const [a, b] = [0, 1].map((row) => values.subarray(row * columns, (row + 1) * columns));
  const { score, matcherScore } = createScorer(matcher, calibration).pair(a, b);
  const verdict = verdictOf(decision, score);
  return {
    verdict,
    samePerson: verdict !== "different",
    explanation: explainPair(decision, verdict, score),
    score,
    probabilityAtEvenOdds: probabilityOf(decision, score),
    threshold: decision.threshold,
    matcherScore,
    cosine: cosine.score(set, [[0, 1]])[0],
    hammingDistance: hammingDistance(codeOf(codes, 0), codeOf(codes, 1)),
    codeBits: codes.bits,
  };
}

/** Which neurons fire on the faces of `set`, without their mirror images. Paper: Section 5. */
export function codesOf(neurons: number, set: FeatureSet) {
  const values = new Float32Array(set.rows * neurons);
  for (let row = 0; row < set.rows; row++) values.set(rowOf(set, row).subarray(0, neurons), row * neurons);
  return binarise(createFeatureSet(values, neurons, set));
}
