/** Options of the commands that learn from people or release what has learned: which people, and how. */
import { type Command, Option } from "commander";
import type { Precision } from "../../nets/net/index.ts";
import { RELEASE_DEFAULTS, SPLIT_PARTS } from "../../nets/train/index.ts";
import { addTeacherOption, countList, existing, sizeList, wholeNumber } from "./options.ts";

/** How a matcher is to be fitted. */
export interface LearnMatcherOptions {
  readonly components: number[];
  readonly directions?: number;
  readonly mirrorsAlike?: boolean;
  readonly teacher?: string;
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

/** What a released net is to be. */
export interface ReleasedOptions extends LearnMatcherOptions {
  readonly source?: string;
  readonly licence: string;
  readonly precision: Precision;
  readonly views?: number[];
}

export function addReleasedOptions(command: Command): Command {
  command
    .option("--source <text>", "where the faces come from (default: the data options)")
    .option("--licence <text>", "terms of use", "not stated")
    .addOption(
      new Option("--precision <type>", "weight storage: float32, or int8 with a scale for each channel")
        .choices(["float32", "int8"] satisfies Precision[])
        .default(RELEASE_DEFAULTS.precision),
    )
    .option("--views <list>", "average features over these sizes of the region, like 0.92,1,1.08", sizeList);
  return addMatcherOptions(addTeacherOption(command), RELEASE_DEFAULTS.components);
}

export const addPartOptions = (command: Command): Command =>
  command
    .option("--split <config>", "only some people, split as this training config says", existing)
    .addOption(new Option("--part <name>", "which of them").choices(SPLIT_PARTS))
    .addOption(trainedPeopleOption());
