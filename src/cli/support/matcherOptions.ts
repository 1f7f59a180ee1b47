/** Options of the commands that fit a matcher for nets. */
import { type Command, Option } from "commander";
import { RELEASE_DEFAULTS } from "../../nets/train/index.ts";
import { countList, wholeNumber } from "./options.ts";

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
