/** One person or two, on pairs of videos, as YouTube Faces has it. */
import { InputError } from "../../../base/errors/index.ts";
import { count } from "../../../base/text/index.ts";
import { videosIn } from "../../../faces/data/index.ts";
import type { PairList } from "../../../matching/features/index.ts";
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
import { rocFigure } from "../../report/index.ts";
import type { Evaluation, Judged } from "./evaluation.ts";
import { scoreLine } from "./verification.ts";

/** The metrics that compare two sets of frames. */
const VIDEO_METRICS = ["joint-bayesian", "cosine", "hamming"] as const satisfies readonly MetricName[];

export type VideoMetric = (typeof VIDEO_METRICS)[number];

/** `name` where it compares sets of frames; an InputError that begins with `what` elsewhere. */
export function videoMetric(what: string, name: MetricName): VideoMetric {
  const found = VIDEO_METRICS.find((metric) => metric === name);
  if (found) return found;
  throw new InputError(`${what}: --metric must be ${VIDEO_METRICS.join(", ")}, got ${name}`);
}

export interface VideoData extends NamedVerification {
  readonly videos: number;
  readonly frames: number;
  readonly combination: string;
}

/**
 * Scores pairs of videos: the mean over all pairs of a frame here and a frame there, exactly; each split is decided by
 * the threshold that is best on the others. Rows are frames, named `Person/Video/frame`.
 */
export function evaluateVideos(
  { set, matcher }: Judged,
  pairs: PairList,
  metric: VideoMetric,
): Evaluation<VideoData> {
  const scored = verification(scoreVideoFolds(meanOf(metric, matcher), set, pairs), metric);
  const data: VideoData = {
    ...scored,
    metric,
    videos: videosIn(pairs).size,
    frames: set.rows,
    combination: "mean over all pairs of frames",
  };
  const size = `${count(data.pairs)} pairs of ${count(data.videos)} videos, ${count(data.frames)} frames`;
  return {
    data,
    text: `${scoreLine(data)}\n${size}, ${data.folds.length} splits`,
    figure: () => rocFigure([{ name: metric, auc: data.auc, ...data.roc }]),
  };
}

function meanOf(metric: VideoMetric, matcher: Matcher | undefined): GroupMetric {
  if (metric !== "joint-bayesian") return metric === "cosine" ? meanCosine : meanHamming();
  if (matcher) return meanJointBayesian(matcher);
  throw new InputError("joint-bayesian needs a matcher");
}
