/** One person or two? Paper: Section 4 (Joint Bayesian), Section 5 (binary codes). */
import { createFeatureSet, type FeatureSet } from "../features/index.ts";
import { codeOf, cosine, hammingDistance, jointBayesian, type StoredMatcher } from "../match/index.ts";
import type { Answer, DecisionThreshold, FaceInput, Verdict } from "./answers.ts";
import { activationFigure } from "./figure.ts";
import { codesOf, featuresOf, neuronsOf, probabilityAt, thresholdAt } from "./numbers.ts";
import type { Parts } from "./parts.ts";
import { readyFace } from "./pictures.ts";
import type { DecisionOptions } from "./recognizer.ts";

/** What strangers are accepted by where nothing is said. */
export const FALSE_ACCEPT_RATE = 0.001;

export async function verify(
  { system, eyes }: Pick<Parts, "system" | "eyes">,
  a: FaceInput,
  b: FaceInput,
  options: DecisionOptions & { figure?: boolean } = {},
): Promise<Answer<Verdict>> {
  const { falseAcceptRate = FALSE_ACCEPT_RATE, figure = false, signal } = options;
  const threshold = thresholdAt(system.matcher.calibration, falseAcceptRate); // a rate that cannot be kept is refused first
  const [first, second] = await Promise.all([
    readyFace(eyes, a, { index: 0, signal }),
    readyFace(eyes, b, { index: 1, signal }),
  ]);
  if (!first.ok) return first;
  if (!second.ok) return second;
  const set = await featuresOf(system, [first.image, second.image], signal);
  return {
    ok: true,
    ...judgeRows(system.matcher, neuronsOf(system), set, threshold),
    faces: [first.face, second.face],
    ...(figure && {
      figure: await activationFigure([first.image, second.image], set, {
        neurons: neuronsOf(system),
        layer: system.parts[0].card.feature,
      }),
    }),
  };
}

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
function judgeRows(
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
