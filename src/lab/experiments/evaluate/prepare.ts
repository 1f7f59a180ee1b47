/** Evaluations made ready: the files they name are read and checked before the long work with features begins. */
import { basename } from "node:path";
import { InputError } from "../../../base/errors/index.ts";
import type { StagedProgress } from "../../../base/progress/index.ts";
import {
  excludePairs,
  openYoutubeFaces,
  peopleInVideos,
  picturesIn,
  readAttributes,
  readExclusions,
  readPairs,
  readVideoPairs,
  rowsOfPairs,
  videosIn,
} from "../../../faces/data/index.ts";
import type { PairList } from "../../../matching/features/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { assertNoOverlap, METRIC_NAMES, type MetricName } from "../../../matching/protocols/index.ts";
import { type BlufrChoice, evaluateBlufr } from "./blufr.ts";
import { type CodesChoice, evaluateCodes } from "./codes.ts";
import type { Evaluation, Judged } from "./evaluation.ts";
import { evaluateGroups, type GroupsChoice, peopleInGroups } from "./groups.ts";
import { evaluateIdentification, type IdentificationChoice } from "./identification.ts";
import type { FeatureWants, Subject } from "./subject.ts";
import { evaluateVerification } from "./verification.ts";
import { evaluateVideos, videoMetric } from "./video.ts";

/** An evaluation whose options are read, and what it needs: it begins when the features are there. */
export interface Prepared {
  /** For results: files it is about, by what they are. */
  readonly source: Readonly<Record<string, string>>;
  readonly wants?: FeatureWants;
  evaluate(
    judged: Judged & Subject,
    progress: StagedProgress,
  ): Evaluation<object> | Promise<Evaluation<object>>;
}

/** The metrics asked for; `what` names the evaluation in errors. InputError for what needs a matcher where there is none. */
export function metricsAsked(
  what: string,
  { metric, model, matcher }: { metric?: MetricName | "all"; model?: string; matcher?: string },
): readonly MetricName[] {
  if (metric === undefined) return [];
  const learned = model !== undefined || matcher !== undefined;
  const isLearned = (name: MetricName) => name !== "cosine" && name !== "euclidean" && name !== "hamming";
  if (metric === "all") {
    // Calibrated scores are in the order of joint-bayesian's, but for a cohort's.
    return METRIC_NAMES.filter((name) => name !== "calibrated" && (learned || !isLearned(name)));
  }
  if (!isLearned(metric) || learned) return [metric];
  throw new InputError(`${what}: --metric ${metric} needs --model or --matcher, which has learned it`);
}

/** The pictures of the pairs alone are wanted, and all of them must be there. */
const wantsOf = (pairs: PairList): FeatureWants => ({
  only: picturesIn(pairs),
  check: (names) => void rowsOfPairs(pairs, names),
});

/** Files of pairs, and of pairs to leave out for a second number. */
async function prepareVerification(
  { pairs: path, exclude }: { readonly pairs: string; readonly exclude?: string },
  metrics: readonly MetricName[],
): Promise<Prepared> {
  const pairs = await readPairs(path);
  const exclusions = exclude === undefined ? undefined : await readExclusions(exclude);
  if (exclusions) excludePairs(pairs, exclusions); // refuses others before the long work
  return {
    source: { pairs: basename(path) },
    wants: wantsOf(pairs),
    evaluate: (judged) => evaluateVerification(judged, pairs, { metrics, exclusions }),
  };
}

export interface VideoChoice {
  /** YouTube Faces' splits.txt. */
  readonly splits: string;
  /** Most frames of a video, evenly spaced. */
  readonly frames: number;
  readonly images?: string;
  readonly landmarks?: string;
  /** The frames show aligned faces; else, without landmarks, the middle of each is taken, so much of its height. */
  readonly aligned?: boolean;
  readonly middle?: number;
}

async function prepareVideo(
  { splits, images = "", landmarks, middle, aligned, frames: framesPerVideo }: VideoChoice,
  asked: MetricName,
): Promise<Prepared> {
  const metric = videoMetric("evaluate video", asked);
  const pairs = await readVideoPairs(splits);
  const videos = videosIn(pairs);
  const frames = { images, landmarks, videos, framesPerVideo, middle: aligned ? 1 : middle };
  return {
    source: { splits: basename(splits) },
    wants: { open: () => openYoutubeFaces(frames) },
    evaluate: (judged) => evaluateVideos(judged, pairs, metric),
  };
}

export interface CodesFiles extends Omit<CodesChoice, "matching" | "validation" | "system"> {
  readonly pairs: string;
  /** Files of features of the people to learn from, and to choose the size on. */
  readonly matching: string;
  readonly validation: string;
}

async function prepareCodes(options: CodesFiles): Promise<Prepared> {
  const pairs = await readPairs(options.pairs);
  const learn = async (name: string) => ({ name, ...(await readFeatures(name)) });
  const [matching, validation] = [await learn(options.matching), await learn(options.validation)];
  assertNoOverlap(matching.set.identities, validation.set.identities); // before the long work
  const choice = { ...options, matching, validation };
  return {
    source: { pairs: basename(options.pairs) },
    wants: wantsOf(pairs),
    evaluate: ({ set, system }, progress) => evaluateCodes(set, pairs, { ...choice, system }, progress),
  };
}

/** With `youtube`, YouTube Faces' splits.txt, people who are in it are the known ones. */
async function prepareIdentification(
  youtube: string | undefined,
  choice: Omit<IdentificationChoice, "known">,
): Promise<Prepared> {
  const known = youtube === undefined ? undefined : await peopleInVideosOf(youtube);
  return {
    source: {},
    evaluate: (judged, progress) => evaluateIdentification(judged, { ...choice, known }, progress),
  };
}

const peopleInVideosOf = async (path: string) => ({
  people: peopleInVideos(await readVideoPairs(path)),
  from: basename(path),
});

const prepareBlufr = async (choice: BlufrChoice): Promise<Prepared> => ({
  source: {},
  evaluate: (judged, progress) => evaluateBlufr(judged, choice, progress),
});

/** `lists` are attributes that exclude one another: people are of the one that most of their pictures show. */
async function prepareGroups(
  path: string,
  lists: readonly (readonly string[])[],
  choice: GroupsChoice,
): Promise<Prepared> {
  const people = peopleInGroups(await readAttributes(path), lists);
  return {
    source: { attributes: basename(path) },
    evaluate: (judged) => evaluateGroups(judged, people, choice),
  };
}

/** What makes each evaluation ready, by its name. */
export const EVALUATIONS = {
  verification: prepareVerification,
  video: prepareVideo,
  codes: prepareCodes,
  identification: prepareIdentification,
  blufr: prepareBlufr,
  groups: prepareGroups,
} as const;
