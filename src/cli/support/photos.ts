/** What the commands that answer about photos share: their options, the recognizer, and refusals. */
import { type Command, InvalidArgumentError } from "commander";
import { type FaceInput, readWhichFace, type WhichFace } from "../../people/answers/index.ts";
import {
  openRecognizer,
  type QuestionOptions,
  questionsBy,
  type Recognizer,
  type RecognizerOptions,
} from "../../people/recognizer/index.ts";
import { type EngineOptions, existing } from "./options.ts";

/** How faces are found in photos. */
export interface PhotoOptions extends QuestionOptions {
  readonly detector?: string;
  readonly faceB?: WhichFace;
}

export const addDetectorOption = (command: Command): Command =>
  command.option("--detector <file>", "a YuNet ONNX file in place of the default detector", existing);

export const addFaceB = (command: Command): Command =>
  command.optionsGroup("Faces:").option("--face-b <which>", "of all photos but the first", whichFace);

export const addPhotoOptions = (command: Command): Command =>
  addDetectorOption(command.optionsGroup("Faces:"))
    .option("--face <which>", "of several: main (default), largest, or its number in deepid align", whichFace)
    .option("--landmarks <file>", "a line for each picture: person/photo.jpg, x y of five points", existing)
    .option("--aligned", "the pictures show aligned faces; fit them to the template");

function whichFace(text: string): WhichFace {
  const which = readWhichFace(text);
  if (which !== undefined) return which;
  throw new InvalidArgumentError("main, largest or a number from 0 is needed.");
}

export interface RecognizerChoice extends PhotoOptions, Partial<EngineOptions> {
  readonly model: string;
}

/** Runs `work` with the recognizer that `options` name, and a gallery where `gallery` opens one. */
export async function withRecognizer<T>(
  { model, provider, threads, detector: locator, landmarks, aligned }: RecognizerChoice,
  work: (recognizer: Recognizer) => Promise<T>,
  gallery?: RecognizerOptions["gallery"],
): Promise<T> {
  const photosFollow = landmarks === undefined && !aligned;
  await using recognizer = await openRecognizer({ model, provider, threads, locator, photosFollow, gallery });
  return await work(recognizer); // released when it is done, not before
}

/** The pictures at `paths` as the recognizer is asked about them. */
export async function inputsFor(paths: readonly string[], options: PhotoOptions): Promise<FaceInput[]> {
  const inputOf = await questionsBy(options);
  return paths.map((path) => inputOf(path, path));
}
