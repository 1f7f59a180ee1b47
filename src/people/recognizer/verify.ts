/** One person or two? Paper: Section 4 (Joint Bayesian), Section 5 (binary codes). */
import type { Answer, FaceInput, Photo, VerifyResult } from "../answers/index.ts";
import { decisionOf, featuresOf, judgeRows, neuronsOf } from "../answers/index.ts";
import { activationFigure } from "./figure.ts";
import type { Parts } from "./parts.ts";
import { readyFace } from "./pictures.ts";
import type { DecisionOptions } from "./recognizer.ts";

export async function verify(
  { system, eyes }: Pick<Parts, "system" | "eyes">,
  a: Photo | FaceInput,
  b: Photo | FaceInput,
  options: DecisionOptions & { figure?: boolean } = {},
): Promise<Answer<VerifyResult>> {
  const { figure = false, signal, ...choice } = options;
  const decision = decisionOf(system.matcher.calibration, choice); // a rate that cannot be kept is refused first
  const [first, second] = await Promise.all([
    readyFace(eyes, a, { index: 0, signal }),
    readyFace(eyes, b, { index: 1, signal }),
  ]);
  if (!first.ok) return first;
  if (!second.ok) return second;
  const set = await featuresOf(system, [first.image, second.image], signal);
  return {
    ok: true,
    ...judgeRows(system.matcher, neuronsOf(system), set, decision),
    faces: [first.face, second.face],
    ...(figure && {
      figure: await activationFigure([first.image, second.image], set, {
        neurons: neuronsOf(system),
        layer: system.parts[0].card.feature,
      }),
    }),
  };
}
