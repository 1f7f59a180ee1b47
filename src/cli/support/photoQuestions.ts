/** Commands that ask one question of one photo or of many: arguments, options, files and what is printed. */
import type { Command } from "commander";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { type Cell, csvText } from "../../base/text/index.ts";
import type { Answer, FaceInput } from "../../people/answers/index.ts";
import {
  type Answered,
  askPhotos,
  isOnePhoto,
  questionsBy,
  type Recognizer,
  type RecognizerOptions,
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
export interface PhotoQuestionOptions extends RecognizerChoice {
  readonly csv?: string;
  readonly jsonl?: string;
}

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
  ask(recognizer: Recognizer, input: FaceInput): Promise<Answer<T>>;
  /** Told how the photos are called before the first is asked about. */
  onNames?(names: readonly string[]): void;
}

export interface PhotoQuestion<O, T> {
  /** What is done meanwhile: "searching". */
  readonly doing: string;
  /** The columns of the table, and the rows of one photo. */
  readonly columns: readonly string[];
  rows(answered: Answered<T>): readonly (readonly Cell[])[];
  text(found: PhotoAnswers<T>): string;
  /** Reads the options, and refuses what does not go together before anything is opened. */
  asked(options: O, photos: readonly string[], io: Io): Asked<T>;
}

/** Makes `question` the action of `command`; one about a gallery has the options of one. */
export function setPhotoQuestion<
  O extends PhotoQuestionOptions & Partial<StoreOptions & MemoryChoice>,
  T extends object,
>(command: Command, io: Io, question: PhotoQuestion<O, T>): Command {
  return setAction<O>(command, io, async (args, options, output) => {
    const photos = args.flat();
    const { csv, jsonl, store, memory, approximate } = options;
    const { ask, onNames } = question.asked(options, photos, io);
    for (const file of [csv, jsonl]) if (file !== undefined) checkWritable(file, "file");
    const gallery =
      store === undefined ? undefined : galleryAt({ store, memory, approximate }, { io, output });
    const work = async (recognizer: Recognizer) => {
      const how = { ...options, what: question.doing, output, onNames };
      const found = await answersAbout(photos, (input) => ask(recognizer, input), how);
      await writeFiles(options, question, found.answers);
      output.result(listed(found), question.text(found));
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

/** Writes the files asked for: a line of JSON for each photo, and rows as CSV [RFC 4180]. */
async function writeFiles<O, T extends object>(
  { csv, jsonl }: Pick<PhotoQuestionOptions, "csv" | "jsonl">,
  { columns, rows }: PhotoQuestion<O, T>,
  answers: readonly Answered<T>[],
): Promise<void> {
  const table = () =>
    csvText(
      columns,
      answers.flatMap(rows).map((row) => row.map(rounded)),
    );
  if (csv !== undefined) await writingTo(csv, () => writeFileAtomic(csv, table()));
  const json = lines(answers).map((line) => `${JSON.stringify(line)}\n`);
  if (jsonl !== undefined) await writingTo(jsonl, () => writeFileAtomic(jsonl, json.join("")));
}

/** Numbers of six digits are exact enough for scores, probabilities and pixels. */
const rounded = (cell: Cell): Cell => (typeof cell === "number" ? Number(cell.toPrecision(6)) : cell);

/** What is printed with --json: the answer about one photo, or a list of them with their photos. */
const listed = <T extends object>({ one, answers }: PhotoAnswers<T>): object =>
  one ? answers[0].answer : { photos: lines(answers) };

const lines = <T extends object>(answers: readonly Answered<T>[]): object[] =>
  answers.map(({ photo, answer }) => ({ photo, ...answer }));
