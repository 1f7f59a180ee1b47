/** `deepid evaluate video`: one person or two, on pairs of videos, as YouTube Faces has it. */

import { basename } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable } from "../../../base/files/index.ts";
import { count, duration } from "../../../base/text/index.ts";
import {
  openYoutubeFaces,
  readVideoPairs,
  videosIn,
  YOUTUBE_FACES_DEFAULTS,
} from "../../../faces/data/index.ts";
import { rocFigure } from "../../../lab/report/index.ts";
import {
  type GroupMetric,
  type Matcher,
  meanCosine,
  meanHamming,
  meanJointBayesian,
} from "../../../matching/match/index.ts";
import {
  type MetricName,
  type NamedVerification,
  scoreVideoFolds,
  verification,
} from "../../../matching/protocols/index.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  existing,
  setAction,
  share,
  wholeNumber,
} from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import { writeResult } from "../../support/results.ts";
import { describeScore } from "../../support/score.ts";
import { addMetricOption, metricsAsked, type OneMetricOptions } from "./metrics.ts";
import { writeFigure } from "./results.ts";
import { addSubjectOptions, checkSubject, featuresOf, openSubject, type SubjectOptions } from "./subject.ts";

const WHAT = "evaluate video";

const MEANS: Readonly<Partial<Record<MetricName, (matcher: Matcher | undefined) => GroupMetric>>> = {
  "joint-bayesian": (matcher) => meanJointBayesian(matcher!),
  cosine: () => meanCosine,
  hamming: () => meanHamming(),
};

interface VideoOptions extends SubjectOptions, OneMetricOptions {
  readonly splits: string;
  readonly frames: number;
  readonly middle?: number;
  readonly roc?: string;
  readonly out?: string;
}

export function addVideo(evaluate: Command, io: Io): void {
  const command = evaluate
    .command("video")
    .summary("one person or two, on pairs of videos")
    .description(
      "YouTube Faces' protocol: the score of two videos is the mean over all pairs of a frame here and a frame there, " +
        "exactly; each split is decided by the threshold that is best on the others. Frames lie as " +
        "Person/Video/frame.jpg (frame_images_DB or aligned_images_DB). Features in place of them are named alike.",
    )
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
    );
  addEngineOptions(addMetricOption(addSubjectOptions(command), { all: false }))
    .optionsGroup("Output:")
    .option("--out <file>", "write the result as JSON too")
    .option("--roc <file>", "draw the ROC as SVG");
  addExamples(
    command,
    "deepid evaluate video --model models/whole-face --images frame_images_DB.tar --landmarks landmarks.txt --splits splits.txt",
    "deepid evaluate video --model models/whole-face --images aligned_images_DB --middle 0.5 --splits splits.txt --frames 50",
  );
  setAction<VideoOptions>(command, io, (_, options, output) => verifyVideos(options, { io, output }));
}

/** Scores the pairs of videos, and writes what was asked for. */
async function verifyVideos(
  options: VideoOptions,
  { io, output }: { io: Io; output: Output },
): Promise<void> {
  const started = io.now();
  for (const path of [options.roc, options.out]) if (path !== undefined) checkWritable(path, "file");
  checkSubject(WHAT, options);
  const [metric] = metricsAsked(WHAT, options);
  const mean = MEANS[metric];
  if (!mean)
    throw new InputError(`${WHAT}: --metric must be ${Object.keys(MEANS).join(", ")}, got ${metric}`);
  const pairs = await readVideoPairs(options.splits);
  const { images = "", landmarks, middle, aligned, frames } = options;
  await using subject = await openSubject(options);
  const open = () =>
    openYoutubeFaces({
      images,
      landmarks,
      videos: videosIn(pairs),
      framesPerVideo: frames,
      middle: aligned ? 1 : middle,
    });
  const set = await featuresOf(subject, options, { open }, { io, output });
  const scored = verification(scoreVideoFolds(mean(subject.matcher), set, pairs), metric);
  const score: NamedVerification = { ...scored, metric };
  const data = {
    ...score,
    videos: videosIn(pairs).size,
    frames: set.rows,
    combination: "mean over all pairs of frames",
    seconds: Math.round((io.now() - started) / 1000),
    model: subject.model,
    source: { splits: basename(options.splits), faces: subject.faces },
  };
  await writeFigure(options.roc, () => rocFigure([{ name: metric, auc: score.auc, ...score.roc }]));
  await writeResult(
    options.out,
    { kind: "video", system: subject.system, data: basename(options.splits) },
    data,
    io,
  );
  const summary =
    `${count(data.pairs)} pairs of ${count(data.videos)} videos, ${count(data.frames)} frames, ` +
    `${score.folds.length} splits, ${duration(data.seconds)}`;
  output.result(data, `${describeScore(score)}\n${summary}`);
}
