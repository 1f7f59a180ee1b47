/** What the commands that answer about photos share: their options, the recognizer, and refusals. */
import { basename, parse, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { DataError, InputError } from "../../base/errors/index.ts";
import type { Landmarks } from "../../faces/face/index.ts";
import type { Answer, FaceInput, Photo } from "../../people/answers/index.ts";
import { openRecognizer, type Recognizer, type RecognizerOptions } from "../../people/recognizer/index.ts";
import { type EngineOptions, existing } from "./options.ts";
import type { Output } from "./output.ts";

/** How faces are found in photos. */
export interface PhotoOptions {
  readonly landmarks?: string;
  readonly aligned?: boolean;
  readonly detector?: string;
  readonly face?: "largest" | number;
}

export const addDetectorOption = (command: Command): Command =>
  command.option("--detector <file>", "a YuNet ONNX file in place of the default detector", existing);

export const addPhotoOptions = (command: Command): Command =>
  addDetectorOption(command.optionsGroup("Faces:"))
    .option("--face <which>", '"largest", or its number in `deepid align`: of several faces', whichFace)
    .option("--landmarks <file>", "a line for each picture: person/photo.jpg, x y of five points", existing)
    .option("--aligned", "the pictures show aligned faces; fit them to the template");

function whichFace(text: string): "largest" | number {
  if (text === "largest") return text;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('"largest" or a number from 0 is needed.');
}

export interface RecognizerChoice extends PhotoOptions, Partial<EngineOptions> {
  readonly model: string;
}

/** Runs `work` with the recognizer that `options` name, and a gallery where `gallery` opens one. */
export async function withRecognizer<T>(
  { model, provider, threads, detector: locator }: RecognizerChoice,
  work: (recognizer: Recognizer) => Promise<T>,
  gallery?: RecognizerOptions["gallery"],
): Promise<T> {
  await using recognizer = await openRecognizer({ model, provider, threads, locator, gallery });
  return await work(recognizer); // released when it is done, not before
}

/** The pictures at `paths` as the recognizer is asked about them. */
export async function inputsFor(paths: readonly string[], options: PhotoOptions): Promise<FaceInput[]> {
  const inputOf = await inputsBy(options);
  return paths.map((path) => inputOf(path, path));
}

/** What makes a question of a photo called `name`. */
export async function inputsBy(options: PhotoOptions): Promise<(name: string, photo: Photo) => FaceInput> {
  const { landmarks: file, aligned, face } = options;
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

/** The answer, or its refusal as a failure of the command; with --json the refusal is printed as a result first. */
export function answered<T>(
  answer: Answer<T>,
  output: Output,
  { json }: { json?: boolean },
): { ok: true } & T {
  if (answer.ok) return answer;
  if (json) output.result(answer, "");
  throw new DataError(answer.message);
}
