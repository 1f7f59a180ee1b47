/** Where faces come from: the data options of the commands, and the aligned faces that they name. */
import { join } from "node:path";
import { type Command, Option } from "commander";
import { cacheFolder } from "../../base/files/index.ts";
import {
  type FaceSource,
  type OpenFaces,
  openAligned,
  openSets,
  openSource,
  openSynthetic,
  SET_KINDS,
  type SetChoice,
  SYNTHETIC_DEFAULTS,
} from "../../faces/data/index.ts";
import { openFinder } from "../../people/recognizer/index.ts";
import type { Io } from "./io.ts";
import { existing, wholeNumber } from "./options.ts";
import type { Output } from "./output.ts";

export interface DataOptions extends SetChoice {
  readonly detector?: string;
  readonly cache?: string;
}

/** Pictures, and where what is aligned of them is kept. */
export const addDataOptions = (command: Command): Command =>
  addSourceOptions(command).option(
    "--cache <folder>",
    "where aligned faces are kept (default: ~/.cache/deepid2plus)",
  );

export function addSourceOptions(command: Command): Command {
  return command
    .optionsGroup("Faces:")
    .addOption(
      new Option("--data <kind>", "people: person/photo.jpg; synthetic: drawn on the spot")
        .choices(SET_KINDS)
        .default("people"),
    )
    .option("--images <path>", "folder, zip, tar or tgz of pictures", existing)
    .option("--identities <file>", "celeba: identity_CelebA.txt", existing)
    .option(
      "--with <images=identities>",
      "celeba: a further set, read as one with the first, whose held-out people stay held out; repeatable; " +
        "without identities each picture is a person of its own",
      (set: string, sets: readonly string[] = []) => [...sets, set],
    )
    .option(
      "--landmarks <file>",
      "people, lfw: a line for each picture: name, x y of five points (default: faces are found)",
      existing,
    )
    .option("--detector <file>", "people, lfw: a YuNet ONNX file in place of the default detector", existing)
    .option("--aligned", "people: the pictures show aligned faces; fit them to the template")
    .option("--people <n>", "synthetic: people", wholeNumber(1), SYNTHETIC_DEFAULTS.people)
    .option("--pictures <n>", "synthetic: pictures of each", wholeNumber(1), SYNTHETIC_DEFAULTS.pictures)
    .option("--population-seed <n>", "synthetic: which people", wholeNumber(0), SYNTHETIC_DEFAULTS.seed);
}

/** Opens the faces that `options` name; aligns them first where the cache does not hold them. */
export async function openFaces(options: DataOptions, io: Io, output: Output): Promise<OpenFaces> {
  return openSets(options, (choice) =>
    choice.data === "synthetic"
      ? openSynthetic(choice, output)
      : withSource({ ...options, ...choice }, (source) => openCached(source, options, io, output)),
  );
}

/** Works with the pictures that `options` name, and whatever finds their faces. */
export async function withSource<T>(
  options: DataOptions,
  work: (source: FaceSource) => Promise<T>,
): Promise<T> {
  const finder = await openFinder(options.detector);
  try {
    return await work(await openSource(options, finder));
  } finally {
    await finder?.release();
  }
}

/** The same for a source that is open. */
export const openCached = (source: FaceSource, options: Pick<DataOptions, "cache">, io: Io, output: Output) =>
  openAligned(
    source,
    { cacheFolder: options.cache ?? cacheFolder(io.env), onPassedOver: output.passedOver },
    output,
  );

/** Where features are kept from one command to the next. */
export const featureCacheOf = ({ cache }: Pick<DataOptions, "cache">, io: Io): string =>
  join(cache ?? cacheFolder(io.env), "features");
