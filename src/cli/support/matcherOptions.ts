/** Options of the commands that learn a matcher for nets. */
import { type Command, Option } from "commander";
import { RELEASE_DEFAULTS } from "../../nets/train/index.ts";
import { countList, wholeNumber } from "./options.ts";

/** How a matcher is to be learned. */
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
      "keep so many directions, those that tell people apart best (default: all)",
      wholeNumber(1),
    )
    .option("--mirrors-alike", "let a face and its mirror image count alike: half the size")
    .addOption(trainedPeopleOption());

/** How many of the people whom a net was trained on also teach its matcher. */
export const trainedPeopleOption = () =>
  new Option(
    "--trained-people <n>",
    "so many of those who trained the net teach the matcher, too, beside those kept from it",
  )
    .argParser(wholeNumber(0))
    .default(RELEASE_DEFAULTS.trainedPeople);
