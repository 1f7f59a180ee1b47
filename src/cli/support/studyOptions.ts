/** What studies share: options for systems, pairs and corruptions; the faces of a whole study; how they all end. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { type OpenFaces, readAttributes } from "../../faces/data/index.ts";
import {
  COMPARED_SIZES,
  CORRUPTION_NAMES,
  type CorruptionChoice,
  type PeerFiles,
  parseCorruption,
  type StudyPart,
  type StudySource,
  studyData,
  studyText,
  writeStudies,
} from "../../lab/experiments/index.ts";
import type { MeasuredModel } from "../../lab/results/index.ts";
import { IDENTIFICATION_SIZES } from "../../matching/protocols/index.ts";
import { type DataOptions, openFaces } from "./faces.ts";
import type { Io } from "./io.ts";
import { countList, existing, gathered, knownModel, wholeNumber } from "./options.ts";
import type { Output } from "./output.ts";
import { madeNow } from "./results.ts";

export const addSourceOptions = (command: Command): Command =>
  command
    .requiredOption("--model <model>", "the model whose taps are compared", knownModel)
    .option(
      "--system <folder>",
      "a system of several nets, or another model; may be repeated",
      gathered(existing),
    )
    .addOption(lbpOption())
    .addOption(matcherOption());

/** LBP beside the nets of a study. */
export const lbpOption = (): Option =>
  new Option("--lbp <components>", "LBP beside it, along the components of `deepid fit-lbp`").argParser(
    existing,
  );

/** By what the features of a tap, or LBP, are compared. */
export const matcherOption = (): Option =>
  new Option(
    "--matcher <name=file>",
    "a matcher from `deepid fit-matcher` for fc1 to fc4 or lbp (default: the model's own, cosine for the rest)",
  ).argParser(gatherMatcher);

/** "fc3=file" or "lbp=file", after those before. */
const gatherMatcher = gathered((text) => {
  const [, name, path] = /^(fc[1-4]|lbp)=(.+)$/i.exec(text) ?? [];
  if (path === undefined) throw new InvalidArgumentError("fc3=file or lbp=file is needed.");
  return { name, path: existing(path) };
});

export interface PairOptions {
  readonly pairs?: string;
  readonly folds?: number;
}

export const addPairOptions = (command: Command): Command =>
  command
    .option("--pairs <file>", "pairs in the format of LFW's pairs.txt (default: drawn at random)", existing)
    .option("--folds <n>", "only the first folds of the pairs", wholeNumber(2));

export interface CorruptionOptions {
  readonly corruption?: CorruptionChoice[];
  readonly occluders?: string;
  readonly drawPerson?: string;
  readonly seed: number;
  readonly asMeasured?: boolean;
}

export const addCorruptionOptions = (command: Command): Command =>
  command
    .optionsGroup("Corruption:")
    .option(
      "--corruption <name[:levels]>",
      `${CORRUPTION_NAMES.join(", ")}; may be repeated (default: the paper's partial and block)`,
      gathered(parseCorruption),
    )
    .option("--occluders <folder>", "cut-out things and their occlusions.csv", existing)
    .addOption(drawPersonOption())
    .option("--seed <n>", "of places, noise, halves and pairs", wholeNumber(0), 1)
    .option("--as-measured", "measure no further level of robustness: show those that are kept");

export const drawPersonOption = (): Option =>
  new Option("--draw-person <name>", "whose mean activations are drawn (default: who has most pictures)");

/** Options for the sizes of the lists. */
export function addIdentificationSizes(command: Command): Command {
  const { people, faces, gallery } = IDENTIFICATION_SIZES;
  return command
    .option("--people <n>", "identification: known people", wholeNumber(1), people)
    .option("--faces <n>", "identification: faces of the known people, to 1 %", wholeNumber(2), faces)
    .option("--gallery <n>", "identification: people of the closed set's gallery", wholeNumber(1), gallery);
}

/** Which people and attributes are asked about. */
export const addTaskOptions = (command: Command): Command =>
  command
    .addOption(attributesOption())
    .option(
      "--attribute <name>",
      "this attribute, in place of the usual ones; may be repeated",
      gathered(String),
    )
    .option(
      "--person <name>",
      "this person, in place of those with most pictures; may be repeated",
      gathered(String),
    )
    .addOption(leastPicturesOption());

const attributesOption = (): Option =>
  new Option("--attributes <file>", "attributes of the pictures: LFW's, or a table of 0 and 1").argParser(
    existing,
  );

const leastPicturesOption = (): Option =>
  new Option("--least-pictures <n>", "fewest pictures of a person that is asked about")
    .argParser(wholeNumber(2))
    .default(20);

/** What every study of a model asks, where all are made at once. */
export const addWholeStudyOptions = (command: Command): Command =>
  command
    .addOption(attributesOption())
    .addOption(leastPicturesOption())
    .option("--compare-dimensions <list>", "sizes of LBP to compare with", countList, [...COMPARED_SIZES])
    .option("--no-together", "leave out all features together, which takes most of the time");

export const addCompareOptions = (command: Command): Command =>
  command
    .option(
      "--compare <name=file>",
      "features of the same pictures to compare with, LBP say; may be repeated",
      gathered((text) => {
        const cut = text.indexOf("=");
        if (cut < 1) throw new InvalidArgumentError("name=file is needed.");
        return { name: text.slice(0, cut), path: existing(text.slice(cut + 1)) };
      }),
    )
    .option(
      "--compare-dimensions <list>",
      "only so many of their first columns: several sizes of LBP",
      countList,
    );

/** "Name=features.safetensors,matcher.safetensors", after those before. */
const gatherPeer = gathered((text): PeerFiles => {
  const [, name, features, matcher] = /^([^=]+)=([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  if (features === undefined) {
    throw new InvalidArgumentError("A name and a file are needed, like LBP=lbp.safetensors.");
  }
  for (const path of [features, matcher]) if (path !== undefined) existing(path);
  return { name, features, matcher };
});

/** What stands beside a system in the paper's tables, and how LFW is read for them. */
export const addBesideOptions = (command: Command): Command =>
  command
    .option("--landmarks <file>", "a line for each picture: name, x y of five points", existing)
    .option("--cache <folder>", "where faces and features are kept (default: ~/.cache/deepid2plus)")
    .option("--seeds <n>", "draws of Table 3's lists, 0: leave it out", wholeNumber(0), 10)
    .option("--baseline <folder>", "a system of DeepID2 nets on the same regions, for Figure 3", existing)
    .option(
      "--peer <name=features[,matcher]>",
      "another system, by files of its features and of a matcher; may be repeated",
      gatherPeer,
    );

/** Opens the faces that `options` name, with the attributes of their file. */
export async function openSubjects(
  options: DataOptions & { readonly attributes?: string },
  io: Io,
  output: Output,
): Promise<OpenFaces> {
  if (options.attributes === undefined) return openFaces(options, io, output);
  if (options.data === "synthetic") {
    throw new InputError("--attributes is for pictures of a data set; synthetic people bring their own");
  }
  const attributes = await readAttributes(options.attributes);
  const open = await openFaces(options, io, output);
  return { ...open, attributes };
}

interface Finish {
  readonly out?: string;
  readonly output: Output;
  readonly io: Io;
  /** The model studied, where it is known. */
  readonly model?: MeasuredModel | null;
}

/** Writes what is to be written, and says what was found. */
export async function finish(
  parts: readonly StudyPart[],
  source: StudySource & object,
  { out, output, io, model = null }: Finish,
): Promise<void> {
  if (out !== undefined) await writeStudies(out, parts, { source, model, ...madeNow(io) });
  const page = out === undefined ? "" : `\nfigures and a page: ${out}/index.html`;
  output.result(studyData(parts, source), `${studyText(parts)}${page}`);
}
