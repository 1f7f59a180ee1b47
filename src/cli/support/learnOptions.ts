/** Options of the commands that learn from people or release what has learned: which people, and how. */

import { basename } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { facesOfPeople } from "../../faces/data/index.ts";
import type { Precision } from "../../nets/net/index.ts";
import { matchingPeople, RELEASE_DEFAULTS, readConfig, splitFor } from "../../nets/train/index.ts";
import type { OpenFaces } from "./faces.ts";
import { countList, existing, wholeNumber } from "./options.ts";

/** How a matcher is to be fitted. */
export interface LearnMatcherOptions {
  readonly components: number[];
  readonly directions?: number;
  readonly mirrorsAlike?: boolean;
  readonly trainedPeople: number;
}

export const addMatcherOptions = (command: Command, components: readonly number[]): Command =>
  command
    .optionsGroup("Matcher:")
    .option("--components <list>", "numbers of principal components to choose from", countList, [
      ...components,
    ])
    .option(
      "--directions <n>",
      "keep only the N most discriminative directions (default: all)",
      wholeNumber(1),
    )
    .option("--mirrors-alike", "treat a face and its mirror image as the same: half the size")
    .addOption(trainedPeopleOption());

/** On how many of a net's training people its matcher is fitted, too. */
export const trainedPeopleOption = () =>
  new Option(
    "--trained-people <n>",
    "also fit the matcher on N of the people the net was trained on, besides those held out",
  )
    .argParser(wholeNumber(0))
    .default(RELEASE_DEFAULTS.trainedPeople);

/** How the weights of a released net are stored. */
export const precisionOption = () =>
  new Option("--precision <type>", "weight storage: float32, or int8 with a scale for each channel")
    .choices(["float32", "int8"] satisfies Precision[])
    .default(RELEASE_DEFAULTS.precision);

/** Parts of the people of a data set, split as a training config says: who trained the net, and who was kept from it. */
const PARTS = ["train", "matching", "validation"] as const;

export interface PartOptions {
  readonly split?: string;
  readonly part?: (typeof PARTS)[number];
  readonly trainedPeople: number;
}

export const addPartOptions = (command: Command): Command =>
  command
    .option("--split <config>", "only some people, split as this training config says", existing)
    .addOption(new Option("--part <name>", "which of them").choices(PARTS))
    .addOption(trainedPeopleOption());

/** The faces of the part that `options` name, or all. */
export async function partOf(
  { faces, description }: OpenFaces,
  { split, part, trainedPeople }: PartOptions,
): Promise<Pick<OpenFaces, "faces" | "description">> {
  if (trainedPeople > 0 && part !== "matching") {
    throw new InputError("--trained-people needs --part matching: they are people to fit a matcher on");
  }
  if (split === undefined && part === undefined) return { faces, description };
  if (split === undefined || part === undefined) {
    throw new InputError(
      "--split and --part go together: a training config and which of its people are meant",
    );
  }
  const all = splitFor(faces, await readConfig(split));
  const people = part === "matching" ? matchingPeople(all, trainedPeople) : all[part];
  if (people.length === 0) throw new InputError(`${split}: there are no ${part} people`);
  return {
    faces: facesOfPeople(faces, people),
    description: `${description}, ${part} people of ${basename(split)}`,
  };
}
