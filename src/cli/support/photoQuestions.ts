/** Commands that ask one question of one photo or of many: arguments, options, files and what is printed. */
import type { Command } from "commander";
import { checkWritable } from "../../base/files/index.ts";
import type { Answer, FaceInput } from "../../people/answers/index.ts";
import {
  type Answered,
  type AnswerFiles,
  type AnswerTable,
  answerLines,
  askPhotos,
  isOnePhoto,
  questionsBy,
  type Recognizer,
  type RecognizerOptions,
  writeAnswers,
} from "../../people/recognizer/index.ts";
import { setAction } from "./command.ts";
import type { Io } from "./io.ts";
import { addEngineOptions, addModelOption } from "./options.ts";
import { answered, type Output, type OutputOptions } from "./output.ts";
import { addPhotoOptions, type RecognizerChoice, withRecognizer } from "./photos.ts";
import { galleryAt, type MemoryChoice, type StoreOptions } from "./place.ts";

/** What the commands say of their arguments. */
export const PHOTOS_ARGUMENT = ["<photos...>", "pictures, folders or archives of them"] as const;

/** Options of every such command. */
export interface PhotoQuestionOptions extends RecognizerChoice, AnswerFiles {}

export const addPhotoQuestionOptions = (command: Command): Command =>
  addEngineOptions(
    addPhotoOptions(
      addModelOption(command)
        .optionsGroup("Files:")
        .option("--csv <file>", "also write the answers as a table")
        .option("--jsonl <file>", "also write the answers as JSON, a line for each photo"),
    ),
  );

/** Answers about photos as they are printed. */
export interface PhotoAnswers<T> {
  /** Whether one picture was given, and not several, a folder or an archive: its answer then stands alone. */
  readonly one: boolean;
  readonly answers: readonly Answered<T>[];
}

/** A question, once its options have been read. */
interface Asked<T> {
  /** Which photos are asked about; left out: all that were given. */
  readonly photos?: readonly string[];
  /** What is to be known before the first is asked about. */
  begin?(recognizer: Recognizer): Promise<void>;
  ask(recognizer: Recognizer, input: FaceInput): Promise<Answer<T>>;
  /** Told how the photos are called before the first is asked about. */
  onNames?(names: readonly string[]): void;
}

export interface PhotoQuestion<O, T> extends AnswerTable<T> {
  /** What is done meanwhile: "searching". */
  readonly doing: string;
  text(found: PhotoAnswers<T>, given: readonly string[]): string;
  /** Reads the options, and refuses what does not go together before anything is opened. */
  asked(options: O, given: readonly string[]): Asked<T>;
}

/** Makes `question` the action of `command`; one about a gallery has the options of one. */
export function setPhotoQuestion<
  O extends PhotoQuestionOptions & Partial<StoreOptions & MemoryChoice>,
  T extends object,
>(command: Command, io: Io, question: PhotoQuestion<O, T>): Command {
  return setAction<O>(command, io, async (args, options, output) => {
    const given = args.flat();
    const { csv, jsonl, store, memory, approximate } = options;
    const { photos = given, begin, ask, onNames } = question.asked(options, given);
    for (const file of [csv, jsonl]) if (file !== undefined) checkWritable(file, "file");
    const gallery =
      store === undefined ? undefined : galleryAt({ store, memory, approximate }, { io, output });
    const work = async (recognizer: Recognizer) => {
      await begin?.(recognizer);
      const how = { ...options, what: question.doing, output, onNames };
      const found = await answersAbout(photos, (input) => ask(recognizer, input), how);
      await writeAnswers(options, question, found.answers);
      output.result(listed(found), question.text(found, given));
    };
    await withRecognizer(options, work, gallery satisfies RecognizerOptions["gallery"]);
  });
}

/** Of several photos those that cannot be used are skipped; of one that is the command's failure. */
async function answersAbout<T>(
  photos: readonly string[],
  ask: (input: FaceInput) => Promise<Answer<T>>,
  {
    output,
    ...options
  }: Omit<Parameters<typeof askPhotos>[2], "onPassedOver"> & OutputOptions & { readonly output: Output },
): Promise<PhotoAnswers<T>> {
  if (!isOnePhoto(photos)) {
    const how = { ...options, onPassedOver: output.passedOver };
    return { one: false, answers: await askPhotos(photos, ask, how, output) };
  }
  const [photo] = photos;
  const inputOf = await questionsBy(options);
  options.onNames?.(photos);
  const { ok, ...answer } = answered(await ask(inputOf(photo, photo)), output, options);
  return { one: true, answers: [{ photo, answer: answer as T }] };
}

/** What is printed with --json: the answer about one photo, or a list of them with their photos. */
const listed = <T extends object>({ one, answers }: PhotoAnswers<T>): object =>
  one ? answers[0].answer : { photos: answerLines(answers) };
