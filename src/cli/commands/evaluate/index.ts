/** `deepid evaluate ...`: the field's protocols. On pairs: one person or two; on people: all of a set against each other. */
import { type Command, Option } from "commander";
import { paragraph } from "../../../base/text/index.ts";
import { YOUTUBE_FACES_DEFAULTS } from "../../../faces/data/index.ts";
import { EVALUATIONS, type VideoChoice } from "../../../lab/experiments/index.ts";
import {
  type BitThreshold,
  BLUFR_SIZES,
  type BlufrSizes,
  GROUPS_DEFAULTS,
  type IdentificationSizes,
} from "../../../matching/protocols/index.ts";
import { RELEASE_DEFAULTS } from "../../../nets/train/index.ts";
import type { Io } from "../../support/io.ts";
import { countList, existing, share, wholeNumber } from "../../support/options.ts";
import { addIdentificationSizes } from "../../support/studyOptions.ts";
import { addEvaluation, type EvaluationCommand, type EvaluationOptions } from "./evaluation.ts";

export function addEvaluate(program: Command, io: Io): void {
  const evaluate = program
    .command("evaluate")
    .summary("score a model")
    .description("Scores a model, a system of several, or any system's features by the field's protocols.");
  addEvaluation(evaluate, io, VERIFICATION);
  addEvaluation(evaluate, io, VIDEO);
  addEvaluation(evaluate, io, IDENTIFICATION);
  addEvaluation(evaluate, io, BLUFR);
  addEvaluation(evaluate, io, CODES);
  addEvaluation(evaluate, io, GROUPS);
}

interface VerificationOptions extends EvaluationOptions {
  readonly pairs: string;
  readonly exclude?: string;
}

const VERIFICATION: EvaluationCommand<VerificationOptions> = {
  name: "verification",
  summary: "one person or two, on a list of pairs",
  description: paragraph`
    Scores pairs in the format of LFW's pairs.txt: each fold is decided by the threshold that is best on the
    others. A file of one fold (pairsDevTest.txt) is split into ten at random, which the result says. With
    --exclude the result also has the accuracy without the pairs of that file; the first remains that of all pairs.
  `,
  metrics: "several",
  figure: ["--roc <file>", "draw the ROC as SVG"],
  examples: [
    "deepid evaluate verification --model models/whole-face --images lfw.tgz --landmarks landmarks_5pt.txt --pairs pairs.txt --json",
    "deepid evaluate verification --features lfw.safetensors --pairs pairs.txt --metric cosine --roc roc.svg",
    "deepid evaluate verification --features theirs.npy --names theirs.txt --pairs pairs.txt --metric cosine",
  ],
  options: (command) =>
    command
      .requiredOption("--pairs <file>", "the pairs", existing)
      .option(
        "--exclude <file>",
        "pairs to leave out for a second number, in the format of pairs.txt",
        existing,
      ),
  prepare: EVALUATIONS.verification,
};

type VideoOptions = EvaluationOptions & VideoChoice;

const VIDEO: EvaluationCommand<VideoOptions> = {
  name: "video",
  summary: "one person or two, on pairs of videos",
  description: paragraph`
    YouTube Faces' protocol: the score of two videos is the exact mean over all pairs of a frame of one and a
    frame of the other; each split is decided by the threshold that is best on the others. Frames are
    stored as Person/Video/frame.jpg (frame_images_DB or aligned_images_DB); features given instead use the same names.
  `,
  figure: ["--roc <file>", "draw the ROC as SVG"],
  examples: [
    "deepid evaluate video --model models/whole-face --images frame_images_DB.tar --landmarks landmarks.txt --splits splits.txt",
    "deepid evaluate video --model models/whole-face --images aligned_images_DB --middle 0.5 --splits splits.txt --frames 50",
  ],
  options: (command) =>
    command
      .requiredOption("--splits <file>", "the pairs of videos, splits.txt", existing)
      .option(
        "--frames <n>",
        "frames per video at most, evenly spaced",
        wholeNumber(1),
        YOUTUBE_FACES_DEFAULTS.framesPerVideo,
      )
      .option(
        "--middle <share>",
        "without landmarks: use the middle of each frame, this share of its height, as the face",
        share,
      ),
  prepare: (options, [asked]) => EVALUATIONS.video(options, asked),
};

interface CodesOptions extends EvaluationOptions {
  readonly pairs: string;
  readonly matching: string;
  readonly validation: string;
  readonly threshold: BitThreshold | "both";
  readonly components: number[];
  readonly seed: number;
}

const CODES: EvaluationCommand<CodesOptions> = {
  name: "codes",
  summary: "features as bits: Joint Bayesian and Hamming distance",
  description: paragraph`
    Verifies pairs by real-valued features and by their bits (Table 4). Joint Bayesian is fitted in both cases on
    --matching people and its size chosen on --validation people, by the same procedure. For a system of several
    nets the first net alone is also scored.
  `,
  metrics: "none",
  figure: ["--figure <file>", "draw the accuracies as SVG"],
  examples: [
    "deepid extract --model models/whole-face --data celeba ... --split my.json --part matching --out matching.safetensors",
    "deepid evaluate codes --features lfw.safetensors --pairs pairs.txt --matching matching.safetensors --validation validation.safetensors",
  ],
  options: (command) =>
    command
      .requiredOption("--pairs <file>", "the pairs, in the format of LFW's pairs.txt", existing)
      .requiredOption("--matching <file>", "features of the people to fit on", existing)
      .requiredOption("--validation <file>", "features of the people to choose the size on", existing)
      .addOption(
        new Option("--threshold <where>", "when a bit is 1: above 0, or above the neuron's median")
          .choices(["zero", "median", "both"])
          .default("both"),
      )
      .option("--components <list>", "numbers of principal components to choose from", countList, [
        ...RELEASE_DEFAULTS.components,
      ])
      .option("--seed <n>", "of the pairs that sizes are chosen on", wholeNumber(0), 1),
  prepare: ({ threshold, ...options }) =>
    EVALUATIONS.codes({ ...options, threshold: threshold === "both" ? undefined : threshold }),
};

interface IdentificationOptions extends EvaluationOptions, IdentificationSizes {
  readonly youtube?: string;
  readonly seeds: number;
  readonly lists?: string;
}

const IDENTIFICATION: EvaluationCommand<IdentificationOptions> = {
  name: "identification",
  summary: "who in a gallery is it, if anyone?",
  description: paragraph`
    Closed set: the rank of the right person. Open set: the share of enrolled people who are found (ranked first,
    above the threshold) at a false alarm rate of 1 %. The lists are drawn by seed in the sizes of
    Best-Rowden et al. (2014), whose own were never released; results are mean and standard deviation over
    seeds.
  `,
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
          "YouTube Faces' splits.txt: the people in it are the known ones",
          existing,
        )
        .option("--seeds <n>", "draws of the lists", wholeNumber(1), 10),
    ),
  prepare: ({ youtube, seeds: draws, ...options }, [metric]) =>
    EVALUATIONS.identification(youtube, { ...options, metric, draws }),
};

interface BlufrOptions extends EvaluationOptions, BlufrSizes {
  readonly trials: number;
  readonly lists?: string;
}

const BLUFR: EvaluationCommand<BlufrOptions> = {
  name: "blufr",
  summary: "all pairs at a low false accept rate, and the open set",
  description: paragraph`
    In the manner of BLUFR (Liao et al., 2014): in each trial people are set aside for training and all faces of
    the others are compared with each other, at a false accept rate of 0.1 %; then some of them are enrolled and
    looked for among the rest, at a false alarm rate of 1 %. The trials are drawn by seed and are not BLUFR's
    own; nothing is fitted on the training people. BLUFR reports mean minus standard deviation.
  `,
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
  prepare: ({ trials: draws, ...options }, [metric]) => EVALUATIONS.blufr({ ...options, metric, draws }),
};

interface GroupsOptions extends EvaluationOptions {
  readonly attributes: string;
  readonly groups: string[];
  readonly seed: number;
  readonly resamples: number;
}

const GROUPS: EvaluationCommand<GroupsOptions> = {
  name: "groups",
  summary: "verification by sex and race",
  description: paragraph`
    Draws pairs within groups of people and decides all of them by one threshold. A person belongs to the group
    that most of their pictures are rated to show. The 95 % intervals come from a bootstrap over people.
  `,
  examples: [
    "deepid evaluate groups --features lfw.safetensors --model models/whole-face --attributes attributes.tsv --out bias.json",
  ],
  options: (command) =>
    command
      .requiredOption("--attributes <file>", "attribute ratings of the pictures, in LFW's format", existing)
      .option("--groups <lists...>", "mutually exclusive attributes, separated by commas", [
        "Female,Male",
        "Asian,Black,Indian,White",
      ])
      .option("--seed <n>", "of the pairs that are drawn", wholeNumber(0), 1)
      .option(
        "--resamples <n>",
        "bootstrap samples of the people",
        wholeNumber(100),
        GROUPS_DEFAULTS.resamples,
      ),
  prepare: ({ attributes, groups, seed, resamples }, [metric]) => {
    const lists = groups.map((list) => list.split(","));
    return EVALUATIONS.groups(attributes, lists, { metric, seed, resamples });
  },
};
