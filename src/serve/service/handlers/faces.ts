/** Answers to questions about pictures. */
import type { FaceInput, Answer as RecognizerAnswer, WhichFace } from "../../../people/answers/index.ts";
import type { Engine } from "../engine.ts";
import { pictureBytes } from "../form.ts";
import type { ServiceLimits } from "../limits.ts";
import type { Handlers } from "../mount.ts";
import { Problem } from "../problem.ts";

/** The answer, or a problem that says why there is none. */
export function answered<T>(answer: RecognizerAnswer<T>): { readonly ok: true } & T {
  if (answer.ok) return answer;
  throw new Problem("no-answer", answer.message, { reason: answer.reason });
}

export interface Asked {
  readonly aligned?: boolean;
  readonly face?: WhichFace;
}

/** The picture in `field` as the recognizer takes it. */
export const pictureOf = (
  data: string,
  { aligned, face }: Asked,
  limits: ServiceLimits,
  field = "image",
): FaceInput => ({ photo: pictureBytes(data, limits, field), name: field, aligned, face });

export function faceHandlers(engine: Engine, limits: ServiceLimits) {
  const { ask } = engine;
  return {
    async represent({ image, crop, ...asked }, { signal }) {
      const picture = pictureOf(image, asked, limits);
      const { about } = engine; // as it is when it is asked
      const answer = answered(await ask("represent", { picture, crop }, signal));
      return { ...answer, model: about.fingerprint };
    },
    async verify({ a, b, point, falseAcceptRate, ...asked }, { signal }) {
      const pictures = { a: pictureOf(a, asked, limits, "a"), b: pictureOf(b, asked, limits, "b") };
      return answered(await ask("verify", { ...pictures, point, falseAcceptRate }, signal));
    },
    async identify({ image, falseAlarmRate, falseAcceptRate, top, ...asked }, { signal, touch }) {
      const choice = { picture: pictureOf(image, asked, limits), falseAlarmRate, falseAcceptRate, top };
      const answer = answered(await ask("identify", choice, signal));
      if (answer.person) touch({ people: [String(answer.person.id)] });
      return answer;
    },
    async identifyAll({ image, falseAlarmRate, falseAcceptRate, top, ...asked }, { signal, touch }) {
      const choice = { picture: pictureOf(image, asked, limits), falseAlarmRate, falseAcceptRate, top };
      const answer = await ask("identifyAll", choice, signal);
      const faces = answer.faces.slice(0, limits.maxFaces);
      touch({ people: faces.flatMap(({ person }) => (person ? [String(person.id)] : [])) });
      return { ...answer, faces };
    },
    async search({ image, top, ...asked }, { signal }) {
      return answered(await ask("search", { picture: pictureOf(image, asked, limits), top }, signal));
    },
    async locate({ image, crops }, { signal }) {
      const { picture, faces } = await ask(
        "locate",
        { picture: pictureOf(image, {}, limits), crops },
        signal,
      );
      return { picture, faces: faces.slice(0, limits.maxFaces) };
    },
    async analyze({ image, neurons, ...asked }, { signal }) {
      return answered(await ask("analyze", { picture: pictureOf(image, asked, limits), neurons }, signal));
    },
  } satisfies Handlers;
}
