/** What workers are asked: under each name the input, a value that can be cloned, and what answers it. */
import { alignFace } from "../../faces/face/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { createPopulation, type PopulationOptions } from "../../faces/synthetic/index.ts";
import type { FaceInput } from "../../people/answers/index.ts";
import type {
  AnalyzeOptions,
  DecisionOptions,
  IdentifyOptions,
  Recognizer,
  RegisterOptions,
  SearchOptions,
} from "../../people/recognizer/index.ts";

/** Signals stay with whoever asks: they take jobs out of the queue. */
type Plain<T> = Omit<T, "signal">;
interface OnePicture {
  readonly picture: FaceInput;
}
interface TwoPictures {
  readonly a: FaceInput;
  readonly b: FaceInput;
}

export const ANSWERS = {
  about: ({ about }: Recognizer, _: object) => about,
  represent: (recognizer: Recognizer, { picture, ...options }: OnePicture & { readonly crop?: boolean }) =>
    recognizer.represent(picture, options),
  verify: (recognizer: Recognizer, { a, b, ...options }: TwoPictures & Plain<DecisionOptions>) =>
    recognizer.verify(a, b, options),
  analyze: (recognizer: Recognizer, { picture, ...options }: OnePicture & Plain<AnalyzeOptions>) =>
    recognizer.analyze(picture, options),
  locate: (recognizer: Recognizer, { picture, ...options }: OnePicture & { readonly crops?: boolean }) =>
    recognizer.locate(picture, options),
  identify: (recognizer: Recognizer, { picture, ...options }: OnePicture & Plain<IdentifyOptions>) =>
    recognizer.identify(picture, options),
  identifyAll: (recognizer: Recognizer, { picture, ...options }: OnePicture & Plain<IdentifyOptions>) =>
    recognizer.identifyAll(picture, options),
  search: (recognizer: Recognizer, { picture, ...options }: OnePicture & Plain<SearchOptions>) =>
    recognizer.search(picture, options),
  register: (
    recognizer: Recognizer,
    { picture, person, ...options }: OnePicture & Plain<RegisterOptions> & { readonly person: string },
  ) => recognizer.register(picture, person, options),
  /** The aligned faces of a synthetic person, as PNG files. */
  draw(_: Recognizer, { population, identity }: { population: PopulationOptions; identity: number }) {
    const drawn = createPopulation(population);
    return Promise.all(
      Array.from({ length: population.picturesPerPerson }, (_, index) => {
        const { image, landmarks } = drawn.picture(identity, index);
        return encodePng(alignFace(image, landmarks));
      }),
    );
  },
} as const;

export type Question = keyof typeof ANSWERS;
export type QuestionInput<Q extends Question> = Parameters<(typeof ANSWERS)[Q]>[1];
export type QuestionAnswer<Q extends Question> = Awaited<ReturnType<(typeof ANSWERS)[Q]>>;

/** Asks a worker; gives up waiting for one when `signal` is aborted. */
export type Ask = <Q extends Question>(
  question: Q,
  input: QuestionInput<Q>,
  signal?: AbortSignal,
) => Promise<QuestionAnswer<Q>>;
