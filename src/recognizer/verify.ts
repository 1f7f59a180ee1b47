/** One person or two? Paper: Section 4 (Joint Bayesian), Section 5 (binary codes). */
import { codeOf, cosine, hammingDistance, jointBayesian } from "../match/index.ts";
import type { Answer, FaceInput, Verdict } from "./answers.ts";
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
  const { matcher, calibration } = system.matcher;
  const threshold = thresholdAt(calibration, falseAcceptRate); // a rate that cannot be kept is refused first
  const [first, second] = await Promise.all([
    readyFace(eyes, a, { index: 0, signal }),
    readyFace(eyes, b, { index: 1, signal }),
  ]);
  if (!first.ok) return first;
  if (!second.ok) return second;
  const set = await featuresOf(system, [first.image, second.image], signal);
  const codes = codesOf(system, set);
  const logLikelihoodRatio = jointBayesian(matcher).score(set, [[0, 1]])[0];
  return {
    ok: true,
    samePerson: logLikelihoodRatio > threshold.value,
    logLikelihoodRatio,
    threshold,
    probability: probabilityAt(calibration, logLikelihoodRatio),
    cosine: cosine.score(set, [[0, 1]])[0],
    hamming: { distance: hammingDistance(codeOf(codes, 0), codeOf(codes, 1)), bits: codes.bits },
    faces: [first.face, second.face],
    ...(figure && {
      figure: await activationFigure([first.image, second.image], set, {
        neurons: neuronsOf(system),
        layer: system.parts[0].card.feature,
      }),
    }),
  };
}
