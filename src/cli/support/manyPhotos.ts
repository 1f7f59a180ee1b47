/** Questions about one photo or many: files, folders and archives; what cannot be used is passed over and named. */
import { existsSync, statSync } from "node:fs";
import { DataError, InputError } from "../../base/errors/index.ts";
import type { Answer, FaceInput } from "../../people/answers/index.ts";
import type { Output, OutputOptions } from "./output.ts";
import { answered, inputsBy, type PhotoOptions } from "./photos.ts";

/** What the commands say of their arguments. */
export const PHOTOS_ARGUMENT = ["<photos...>", "pictures, folders or archives of them"] as const;

/** The arguments of a command that takes as many as there are. */
export const listOf = (args: readonly string[]): readonly string[] =>
  (args as unknown as readonly string[][])[0];

export interface Answered<T> {
  readonly photo: string;
  readonly answer: T;
}

export interface PhotoAnswers<T> {
  /** Whether one picture was given, and not several, a folder or an archive: its answer then stands alone. */
  readonly one: boolean;
  readonly answers: readonly Answered<T>[];
}

/** How photos are asked about. */
export interface AskOptions extends PhotoOptions, OutputOptions {
  /** "identifying": what the bar says. */
  readonly what: string;
  readonly output: Output;
  /** Told of the photos before the first is read. */
  readonly onNames?: (names: readonly string[]) => void;
}

/** Photos asked about at once: some are decoded while others are looked at. */
const AT_ONCE = 4;

/**
 * Asks about each photo at `paths`; answers in their order. Of several photos those that cannot be read, that are refused, or
 * about which `ask` throws a DataError are passed over; of one that is the command's failure.
 */
export async function askPhotos<T>(
  paths: readonly string[],
  ask: (input: FaceInput) => Promise<Answer<T>>,
  options: AskOptions,
): Promise<PhotoAnswers<T>> {
  if (!isOnePhoto(paths)) return { one: false, answers: await askAll(paths, ask, options) };
  const [photo] = paths;
  const inputOf = await inputsBy(options);
  options.onNames?.(paths);
  const { ok, ...answer } = answered(await ask(inputOf(photo, photo)), options.output, options);
  return { one: true, answers: [{ photo, answer: answer as T }] };
}

/** Whether `paths` are one picture file. InputError for a path where there is nothing. */
export function isOnePhoto(paths: readonly string[]): boolean {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new InputError(`${missing}: no such file or folder`);
  const [path] = paths;
  return paths.length === 1 && !statSync(path).isDirectory() && !/\.(?:zip|tar|tgz|tar\.gz)$/i.test(path);
}

async function askAll<T>(
  paths: readonly string[],
  ask: (input: FaceInput) => Promise<Answer<T>>,
  { what, output, onNames, ...options }: AskOptions,
): Promise<Answered<T>[]> {
  const { openPhotos } = await import("../../faces/data/index.ts");
  const [inputOf, photos] = await Promise.all([inputsBy(options), openPhotos(paths)]);
  for (const { reason } of photos.passedOver) output.passedOver(reason);
  onNames?.(photos.names);
  const update = output.stage(what);
  const answers = new Map<string, T>();
  const one = async (photo: string, bytes: Uint8Array | DataError) => {
    try {
      if (bytes instanceof DataError) throw bytes;
      const answer = await ask(inputOf(photo, bytes));
      if (!answer.ok) throw new DataError(answer.message);
      const { ok, ...rest } = answer;
      answers.set(photo, rest as T);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      output.passedOver(error.message.includes(photo) ? error.message : `${photo}: ${error.message}`);
    }
  };
  const running = new Set<Promise<void>>();
  let done = 0;
  try {
    for await (const { name, bytes } of photos.read()) {
      output.signal?.throwIfAborted();
      const task = one(name, bytes).finally(() => {
        running.delete(task);
        update(++done, photos.names.length);
      });
      task.catch(() => {}); // thrown where it is waited for
      running.add(task);
      if (running.size >= AT_ONCE) await Promise.race(running);
    }
    await Promise.all(running);
  } finally {
    await Promise.allSettled(running);
  }
  return photos.names.flatMap((photo) => {
    const answer = answers.get(photo);
    return answer === undefined ? [] : [{ photo, answer }];
  });
}

/** What is printed with --json: the answer about one photo, or a list of them with their photos. */
export const listed = <T extends object>({ one, answers }: PhotoAnswers<T>): object =>
  one ? answers[0].answer : { photos: lines(answers) };

/** A line of --jsonl for each photo. */
export const lines = <T extends object>(answers: readonly Answered<T>[]): object[] =>
  answers.map(({ photo, answer }) => ({ photo, ...answer }));
