/**
 * Verification of videos: is it one person or two? Paper: Section 4, Table 2, YouTube Faces: 10 folds of 250 same and
 * 250 different pairs of videos, decided as LFW's folds are.
 */
import { InputError } from "../../base/errors/index.ts";
import type { FeatureSet, PairList } from "../features/index.ts";
import { rowsByPerson } from "../features/index.ts";
import type { GroupMetric } from "../match/index.ts";
import type { ScoredPair } from "./scoredPairs.ts";

/** Scores pairs of videos, fold by fold, by the frames of each; `videoOf` names the video of a row (default: the folder of its name). */
export function scoreVideoFolds(
  metric: GroupMetric,
  set: FeatureSet,
  { folds }: PairList,
  videoOf: (name: string) => string = folderOf,
): ScoredPair[][] {
  const framesOf = rowsByPerson(set.names.map(videoOf)); // a video stands for a person here
  const numbers = new Map([...framesOf.keys()].map((video, i) => [video, i]));
  const score = metric.prepare(set, [...framesOf.values()]);
  const numberOf = (video: string) => {
    const number = numbers.get(video);
    if (number !== undefined) return number;
    throw new InputError(`scoreVideoFolds: no frame of the video ${video} of the pairs`);
  };
  return folds.map((fold) =>
    fold.map(({ a, b, same }) => ({ score: score(numberOf(a), numberOf(b)), same })),
  );
}

/** `Person/2` of the frame `Person/2/0.123`. */
export const folderOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf("/")));
