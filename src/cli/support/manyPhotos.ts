/** Questions about one photo or many, as the commands that ask them share it. */
import type { Answer, FaceInput } from "../../people/answers/index.ts";
import {
  type Answered,
  type AskOptions,
  askPhotos as askMany,
  isOnePhoto,
  questionsBy,
} from "../../people/recognizer/index.ts";
import type { Output, OutputOptions } from "./output.ts";
import { answered } from "./photos.ts";

/** What the commands say of their arguments. */
export const PHOTOS_ARGUMENT = ["<photos...>", "pictures, folders or archives of them"] as const;

/** The arguments of a command that takes as many as there are. */
export const listOf = (args: readonly string[]): readonly string[] => args.flat();

export interface PhotoAnswers<T> {
  /** Whether one picture was given, and not several, a folder or an archive: its answer then stands alone. */
  readonly one: boolean;
  readonly answers: readonly Answered<T>[];
}

/** Asks about each photo at `paths`. Of several those that cannot be used are passed over; of one that is the command's failure. */
export async function askPhotos<T>(
  paths: readonly string[],
  ask: (input: FaceInput) => Promise<Answer<T>>,
  { output, ...options }: Omit<AskOptions, "onPassedOver"> & OutputOptions & { readonly output: Output },
): Promise<PhotoAnswers<T>> {
  if (!isOnePhoto(paths)) {
    const how = { ...options, onPassedOver: output.passedOver };
    return { one: false, answers: await askMany(paths, ask, how, output) };
  }
  const [photo] = paths;
  const inputOf = await questionsBy(options);
  options.onNames?.(paths);
  const { ok, ...answer } = answered(await ask(inputOf(photo, photo)), output, options);
  return { one: true, answers: [{ photo, answer: answer as T }] };
}

/** What is printed with --json: the answer about one photo, or a list of them with their photos. */
export const listed = <T extends object>({ one, answers }: PhotoAnswers<T>): object =>
  one ? answers[0].answer : { photos: lines(answers) };

/** A line of --jsonl for each photo. */
export const lines = <T extends object>(answers: readonly Answered<T>[]): object[] =>
  answers.map(({ photo, answer }) => ({ photo, ...answer }));
