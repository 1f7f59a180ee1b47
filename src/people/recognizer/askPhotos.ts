/** Questions about one photo or many: files, folders and archives; what cannot be used is skipped and named. */
import { existsSync, statSync } from "node:fs";
import { basename, parse, resolve } from "node:path";
import { DataError, InputError } from "../../base/errors/index.ts";
import type { StagedProgress } from "../../base/progress/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import type { Landmarks } from "../../faces/face/index.ts";
import type { Answer, FaceInput, Photo, WhichFace } from "../answers/index.ts";
import { type Answered, askEach, openAll } from "./eachPhoto.ts";

/** Which face of a photo is meant, and where its landmarks are, if they are known. */
export interface QuestionOptions {
  /** A file of landmarks, a line for each picture. */
  readonly landmarks?: string;
  /** The pictures show aligned faces. */
  readonly aligned?: boolean;
  readonly face?: WhichFace;
}

/** Makes a question of a photo called `name`. */
export type Asking = (name: string, photo: Photo) => FaceInput;

/** What makes questions by `options`. InputError where a photo has no line in the file of landmarks. */
export async function questionsBy({ landmarks: file, aligned, face }: QuestionOptions): Promise<Asking> {
  if (file === undefined) return (name, photo) => ({ photo, name, face, aligned });
  // What reads data sets is loaded where it is needed: most calls are about two photos.
  const landmarksOf = await (await import("../../faces/data/index.ts")).readLandmarks(file);
  return (name, photo) => ({ photo, name, landmarks: landmarksIn(landmarksOf, name, file) });
}

/** The landmarks of the picture at `path`, listed as person/photo or as photo alone. */
function landmarksIn(landmarksOf: ReadonlyMap<string, Landmarks>, path: string, file: string): Landmarks {
  const { dir, name } = parse(resolve(path));
  const found = landmarksOf.get(`${basename(dir)}/${name}`) ?? landmarksOf.get(name);
  if (found) return found;
  throw new InputError(`${file}: no landmarks for ${path} (looked for ${basename(dir)}/${name} and ${name})`);
}

/** Whether `paths` are one picture file. InputError for a path where there is nothing. */
export function isOnePhoto(paths: readonly string[]): boolean {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new InputError(`${missing}: no such file or folder`);
  const [path] = paths;
  return paths.length === 1 && !statSync(path).isDirectory() && !/\.(?:zip|tar|tgz|tar\.gz)$/i.test(path);
}

/** How many photos are asked about. */
export interface AskOptions extends QuestionOptions {
  /** The stage of progress: "identifying". */
  readonly what: string;
  /** Told of the photos before the first is read. */
  readonly onNames?: (names: readonly string[]) => void;
  /** Told of each photo that cannot be used, and why. */
  readonly onPassedOver: (one: PassedOver) => void;
}

/**
 * Asks about each photo in the folders and archives at `paths`; answers in their order. Those that cannot be read, that
 * are refused, or about which `ask` throws a DataError are skipped.
 */
export async function askPhotos<T>(
  paths: readonly string[],
  ask: (input: FaceInput) => Promise<Answer<T>>,
  { what, onNames, onPassedOver, ...options }: AskOptions,
  progress: StagedProgress = {},
): Promise<Answered<T>[]> {
  const [inputOf, photos] = await Promise.all([questionsBy(options), openAll(paths)]);
  for (const one of photos.passedOver) onPassedOver(one);
  onNames?.(photos.names);
  const one = async (photo: string, bytes: Photo): Promise<T> => {
    const answer = await ask(inputOf(photo, bytes));
    if (!answer.ok) throw new DataError(answer.message);
    const { ok, ...rest } = answer;
    return rest as T;
  };
  return askEach(photos, one, {
    onPassedOver,
    onProgress: progress.stage?.(what),
    signal: progress.signal,
  });
}
