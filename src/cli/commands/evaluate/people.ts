/** `deepid evaluate identification`, `blufr` and `groups`: all people of a set against each other. */

import { basename } from "node:path";
import type { Command } from "commander";
import { peopleInVideos, readAttributes, readVideoPairs } from "../../../faces/data/index.ts";
import {
  evaluateBlufr,
  evaluateGroups,
  evaluateIdentification,
  peopleInGroups,
} from "../../../lab/experiments/index.ts";
import {
  BLUFR_SIZES,
  type BlufrSizes,
  GROUPS_DEFAULTS,
  IDENTIFICATION_SIZES,
  type IdentificationSizes,
} from "../../../matching/protocols/index.ts";
import { existing, wholeNumber } from "../../support/options.ts";
import type { EvaluationCommand, EvaluationOptions } from "./evaluation.ts";

interface IdentificationOptions extends EvaluationOptions, IdentificationSizes {
  readonly youtube?: string;
  readonly seeds: number;
  readonly lists?: string;
}

export const IDENTIFICATION: EvaluationCommand<IdentificationOptions> = {
  name: "identification",
  summary: "who of a gallery is it, if anyone?",
  description:
    "Closed set: the rank of the right person. Open set: how many enrolled people are found (ranked first, above " +
    "the threshold) when 1 % of the others raise an alarm. The lists are drawn by seed in the sizes of " +
    "Best-Rowden et al. (2014), whose own were never released; results are mean and standard deviation over seeds.",
  lists: "write the lists of every seed, a .tsv of all pictures each",
  figure: ["--figure <file>", "draw ranks and detection rates as SVG"],
  examples: [
    "deepid evaluate identification --model models/whole-face --features lfw.safetensors --youtube splits.txt --out identification.json",
    "deepid evaluate identification --features theirs.npy --metric cosine --people 50 --faces 400 --gallery 300",
  ],
  options: (command) =>
    addIdentificationSizes(
      command
        .option(
          "--youtube <file>",
          "YouTube Faces' splits.txt: people who are in it are the known ones",
          existing,
        )
        .option("--seeds <n>", "draws of the lists", wholeNumber(1), 10),
    ),
  async prepare({ youtube, seeds: draws, ...options }, [metric]) {
    const known = youtube === undefined ? undefined : await peopleInVideosOf(youtube);
    return {
      source: {},
      evaluate: (judged, progress) =>
        evaluateIdentification(judged, { ...options, metric, draws, known }, progress),
    };
  },
};

const peopleInVideosOf = async (path: string) => ({
  people: peopleInVideos(await readVideoPairs(path)),
  from: basename(path),
});

/** Options for the sizes of the lists. */
export function addIdentificationSizes(command: Command): Command {
  const { people, faces, gallery } = IDENTIFICATION_SIZES;
  return command
    .option("--people <n>", "identification: known people", wholeNumber(1), people)
    .option("--faces <n>", "identification: faces of the known people, to 1 %", wholeNumber(2), faces)
    .option("--gallery <n>", "identification: people of the closed set's gallery", wholeNumber(1), gallery);
}

interface BlufrOptions extends EvaluationOptions, BlufrSizes {
  readonly trials: number;
  readonly lists?: string;
}

export const BLUFR: EvaluationCommand<BlufrOptions> = {
  name: "blufr",
  summary: "all pairs at few false accepts, and the open set",
  description:
    "In the manner of BLUFR (Liao et al., 2014): in each trial people are set aside for training and all faces of " +
    "the others are compared with each other, at a false accept rate of 0.1 %; then some of them are enrolled and " +
    "looked for among the rest, at a false alarm rate of 1 %. The trials are drawn by seed, they are not BLUFR's " +
    "own; nothing is learned from the training people. BLUFR reports mean minus standard deviation.",
  lists: "write the lists of every trial, a .tsv of all pictures each",
  figure: ["--figure <file>", "draw both tasks as SVG"],
  examples: [
    "deepid evaluate blufr --model models/whole-face --features lfw.safetensors --out blufr.json --figure blufr.svg",
    "deepid evaluate blufr --features theirs.csv --metric cosine --trials 3",
  ],
  options: (command) =>
    command
      .option("--training <n>", "people set aside in each trial", wholeNumber(0), BLUFR_SIZES.training)
      .option("--gallery <n>", "people enrolled in the open set", wholeNumber(1), BLUFR_SIZES.gallery)
      .option("--trials <n>", "trials", wholeNumber(1), 10),
  prepare: async ({ trials: draws, ...options }, [metric]) => ({
    source: {},
    evaluate: (judged, progress) => evaluateBlufr(judged, { ...options, metric, draws }, progress),
  }),
};

interface GroupsOptions extends EvaluationOptions {
  readonly attributes: string;
  readonly groups: string[];
  readonly seed: number;
  readonly resamples: number;
}

export const GROUPS: EvaluationCommand<GroupsOptions> = {
  name: "groups",
  summary: "is everybody served alike? verification by sex and race",
  description:
    "Draws pairs within groups of people and decides all by one threshold. A person is of the attribute that most of " +
    "their pictures are rated to show. Intervals hold 95 % of what other people of the same kind would give: people " +
    "are drawn anew, with replacement.",
  examples: [
    "deepid evaluate groups --features lfw.safetensors --model models/whole-face --attributes attributes.tsv --out bias.json",
  ],
  options: (command) =>
    command
      .requiredOption("--attributes <file>", "ratings of the pictures, as LFW's", existing)
      .option("--groups <lists...>", "attributes that exclude one another, cut by commas", [
        "Female,Male",
        "Asian,Black,Indian,White",
      ])
      .option("--seed <n>", "of the pairs that are drawn", wholeNumber(0), 1)
      .option(
        "--resamples <n>",
        "times that people are drawn anew",
        wholeNumber(100),
        GROUPS_DEFAULTS.resamples,
      ),
  async prepare({ attributes: path, groups, seed, resamples }, [metric]) {
    const people = peopleInGroups(
      await readAttributes(path),
      groups.map((list) => list.split(",")),
    );
    return {
      source: { attributes: basename(path) },
      evaluate: (judged) => evaluateGroups(judged, people, { metric, seed, resamples }),
    };
  },
};
