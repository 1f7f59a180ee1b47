/** `deepid evaluate verification`, `video` and `codes`: one person or two, on a list of pairs. */

import { basename } from "node:path";
import { Option } from "commander";
import {
  excludePairs,
  openYoutubeFaces,
  picturesIn,
  readExclusions,
  readPairs,
  readVideoPairs,
  rowsOfPairs,
  videosIn,
  YOUTUBE_FACES_DEFAULTS,
} from "../../../faces/data/index.ts";
import {
  evaluateCodes,
  evaluateVerification,
  evaluateVideos,
  videoMetric,
} from "../../../lab/experiments/index.ts";
import type { PairList } from "../../../matching/features/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { assertNoOverlap, type BitThreshold } from "../../../matching/protocols/index.ts";
import { RELEASE_DEFAULTS } from "../../../nets/train/index.ts";
import { countList, existing, share, wholeNumber } from "../../support/options.ts";
import type { EvaluationCommand, EvaluationOptions } from "./evaluation.ts";

/** The pictures of the pairs alone are wanted, and all of them must be there. */
const wantsOf = (pairs: PairList) => ({
  only: picturesIn(pairs),
  check: (names: readonly string[]) => void rowsOfPairs(pairs, names),
});

interface VerificationOptions extends EvaluationOptions {
  readonly pairs: string;
  readonly exclude?: string;
}

export const VERIFICATION: EvaluationCommand<VerificationOptions> = {
  name: "verification",
  summary: "one person or two, on a list of pairs",
  description:
    "Scores pairs in the format of LFW's pairs.txt: each fold is decided by the threshold that is best on the " +
    "others. A file of one fold (pairsDevTest.txt) is dealt to ten at random, which the result says. With " +
    "--exclude the result holds a second number without the pairs of that file; the first stays that of all.",
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
  async prepare({ pairs: path, exclude }, metrics) {
    const pairs = await readPairs(path);
    const exclusions = exclude === undefined ? undefined : await readExclusions(exclude);
    if (exclusions) excludePairs(pairs, exclusions); // refuses others before the long work
    return {
      source: { pairs: basename(path) },
      wants: wantsOf(pairs),
      evaluate: (judged) => evaluateVerification(judged, pairs, { metrics, exclusions }),
    };
  },
};

interface VideoOptions extends EvaluationOptions {
  readonly splits: string;
  readonly frames: number;
  readonly middle?: number;
}

export const VIDEO: EvaluationCommand<VideoOptions> = {
  name: "video",
  summary: "one person or two, on pairs of videos",
  description:
    "YouTube Faces' protocol: the score of two videos is the mean over all pairs of a frame here and a frame there, " +
    "exactly; each split is decided by the threshold that is best on the others. Frames lie as " +
    "Person/Video/frame.jpg (frame_images_DB or aligned_images_DB). Features in place of them are named alike.",
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
        "most frames of a video, evenly spaced",
        wholeNumber(1),
        YOUTUBE_FACES_DEFAULTS.framesPerVideo,
      )
      .option(
        "--middle <share>",
        "without landmarks: take the middle of each frame, so much of its height, for a face",
        share,
      ),
  async prepare({ splits, images = "", landmarks, middle, aligned, frames: framesPerVideo }, [asked]) {
    const metric = videoMetric("evaluate video", asked);
    const pairs = await readVideoPairs(splits);
    const videos = videosIn(pairs);
    return {
      source: { splits: basename(splits) },
      wants: {
        open: () =>
          openYoutubeFaces({ images, landmarks, videos, framesPerVideo, middle: aligned ? 1 : middle }),
      },
      evaluate: (judged) => evaluateVideos(judged, pairs, metric),
    };
  },
};

interface CodesOptions extends EvaluationOptions {
  readonly pairs: string;
  readonly matching: string;
  readonly validation: string;
  readonly threshold: BitThreshold | "both";
  readonly components: number[];
  readonly seed: number;
}

export const CODES: EvaluationCommand<CodesOptions> = {
  name: "codes",
  summary: "features as bits: Joint Bayesian and Hamming distance",
  description:
    "Verifies pairs by features as they are and by their bits (Table 4). Joint Bayesian is learned in either case from " +
    "--matching people and its size chosen on --validation people, by the same procedure. Of a system of several " +
    "nets the first alone is scored, too.",
  metrics: "none",
  figure: ["--figure <file>", "draw the accuracies as SVG"],
  examples: [
    "deepid extract --model models/whole-face --data celeba ... --split configs/whole-face.ts --part matching --out matching.safetensors",
    "deepid evaluate codes --features lfw.safetensors --pairs pairs.txt --matching matching.safetensors --validation validation.safetensors",
  ],
  options: (command) =>
    command
      .requiredOption("--pairs <file>", "the pairs, in the format of LFW's pairs.txt", existing)
      .requiredOption("--matching <file>", "features of the people to learn from", existing)
      .requiredOption("--validation <file>", "features of the people to choose the size on", existing)
      .addOption(
        new Option("--threshold <where>", "where a bit begins: above 0, or above the neuron's median")
          .choices(["zero", "median", "both"])
          .default("both"),
      )
      .option("--components <list>", "numbers of principal components to choose from", countList, [
        ...RELEASE_DEFAULTS.components,
      ])
      .option("--seed <n>", "of the pairs that sizes are chosen on", wholeNumber(0), 1),
  async prepare({ threshold, ...options }) {
    const pairs = await readPairs(options.pairs);
    const learn = async (name: string) => ({ name, ...(await readFeatures(name)) });
    const [matching, validation] = [await learn(options.matching), await learn(options.validation)];
    assertNoOverlap(matching.set.identities, validation.set.identities); // before the long work
    const choice = {
      ...options,
      matching,
      validation,
      threshold: threshold === "both" ? undefined : threshold,
    };
    return {
      source: { pairs: basename(options.pairs) },
      wants: wantsOf(pairs),
      evaluate: ({ set, system }, progress) => evaluateCodes(set, pairs, { ...choice, system }, progress),
    };
  },
};
