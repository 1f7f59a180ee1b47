/** Options that several commands share, and how their values are checked. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { PROVIDERS, type Provider } from "../../math/session/index.ts";
import { DEFAULT_MODEL, modelFolder } from "../../nets/models/index.ts";

/** The model that answers, the package's own unless told otherwise. */
export const addModelOption = (command: Command): Command =>
  command.addOption(
    new Option("--model <model>", "a model, or a system of several: by name, or its folder")
      .argParser(knownModel)
      .default(modelFolder(DEFAULT_MODEL), DEFAULT_MODEL),
  );

/** `parse` for an option: what it refuses is told as wrong use of the option. */
export const parsed =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };

/** The same for an option that may be repeated: a list. */
export const gathered =
  <T>(parse: (text: string) => T) =>
  (text: string, before: readonly T[] = []): T[] => [...before, parsed(parse)(text)];

/** The folder of a model that is named, or named by its folder. */
export const knownModel = parsed((text) => modelFolder(text));

/** How ONNX Runtime is to run. */
export interface EngineOptions {
  readonly provider: Provider;
  readonly threads: number;
}

export const addEngineOptions = (command: Command): Command =>
  command
    .optionsGroup("Machine:")
    .addOption(new Option("--provider <name>", "what computes").choices(PROVIDERS).default("cpu"))
    .option("--threads <n>", "threads of one operator", threadCount, availableParallelism());

/** A whole number of at least `least`. */
export const wholeNumber = (least: number, most?: number) => (text: string) => {
  const value = Number(text);
  const isInRange = value >= least && (most === undefined || value <= most);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && isInRange) return value;
  const range = most === undefined ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new InvalidArgumentError(`A whole number ${range} is needed.`);
};

/** Threads, or workers that are some: each takes memory before it does anything. */
export const threadCount = wholeNumber(1, Math.max(64, 4 * availableParallelism()));

/** A number in (0, 1). */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1) return value;
  throw new InvalidArgumentError("A number between 0 and 1 is needed.");
}

/** Numbers as "1,2", each of which `fits`. */
export const listOf =
  (fits: (n: number, at: number, all: number[]) => boolean, needed: string) => (text: string) => {
    const values = text.split(",").map(Number);
    if (/\d/.test(text) && values.every(fits)) return values;
    throw new InvalidArgumentError(needed);
  };
/** FC-n as "3,4": the layers kept, of 1 to 4, each once. */
const taps = listOf(
  (tap, at, all) => [1, 2, 3, 4].includes(tap) && all.indexOf(tap) === at,
  'Numbers from 1 to 4 are needed, like "3,4".',
);
export const tapList = (text: string) => taps(text).sort((a, b) => a - b);

export const countList = listOf(
  (value) => Number.isSafeInteger(value) && value >= 1,
  'Whole numbers above 0 are needed, like "100,200".',
);
export const sizeList = listOf(
  (size, at) => at < 16 && size >= 0.25 && size <= 4,
  'Up to 16 numbers from 0.25 to 4 are needed, like "0.92,1,1.08".',
);

/** A path where there is something. */
export function existing(path: string): string {
  if (existsSync(path)) return path;
  throw new InvalidArgumentError("There is no such file or folder.");
}

/** For commands that train by a teacher or fit a matcher by one. */
export const addTeacherOption = (command: Command): Command =>
  command.option("--teacher <file>", "features of the same pictures by another net to learn from", existing);
