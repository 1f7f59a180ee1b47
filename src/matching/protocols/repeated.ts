/** Identification and BLUFR over several draws of their lists: mean and standard deviation of every rate. */

import type { Matrix } from "../../math/linalg/index.ts";
import type { FeatureSet } from "../features/index.ts";
import type { Matcher } from "../match/index.ts";
import { BLUFR_RATES, type BlufrResult, blufr } from "./blufr.ts";
import {
  type BlufrSizes,
  type BlufrTrial,
  drawBlufrTrial,
  drawIdentificationLists,
  type IdentificationLists,
  type IdentificationSizes,
} from "./drawLists.ts";
import {
  type ClosedSet,
  closedSet,
  enrolByBest,
  enrolBySet,
  type OpenSet,
  openSet,
  REPORTED_ALARM_RATES,
} from "./identification.ts";
import type { ScoreTable } from "./scoreTable.ts";
import { type Spread, spreadOf } from "./spread.ts";

/** Numbers of people and faces are those of the first draw. */
export interface OpenSetSummary {
  readonly people: number;
  readonly faces: number;
  readonly genuine: number;
  readonly impostors: number;
  readonly detection: readonly { readonly falseAlarmRate: number; readonly rate: Spread }[];
}

export interface IdentificationSummary {
  readonly seeds: readonly number[];
  readonly closed: Omit<ClosedSet, "rank1" | "cumulativeMatch"> & {
    readonly rank1: Spread;
    readonly cumulativeMatch: readonly { readonly rank: number; readonly rate: Spread }[];
  };
  /** One face of each known person is enrolled. */
  readonly openSingle: OpenSetSummary;
  /** All but one are enrolled, the most similar counts. */
  readonly openMany: OpenSetSummary;
  /** The same enrolled, all of a person's faces count together by Joint Bayesian; with a matcher only. */
  readonly openManyBySet?: OpenSetSummary;
}

export interface RepeatedOptions<Lists> {
  readonly seeds: readonly number[];
  /** Told the lists of each seed before they are scored. */
  readonly onLists?: (seed: number, lists: Lists) => void | Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Scores closed- and open-set identification on lists drawn by each seed. `table` holds the scores of `set`'s rows. */
export async function identification(
  set: FeatureSet,
  table: ScoreTable,
  options: RepeatedOptions<IdentificationLists> &
    Partial<IdentificationSizes> & {
      readonly preferred?: ReadonlySet<string>;
      readonly matcher?: Matcher;
      /** Of `set`'s rows under `matcher`, where they are known already. */
      readonly coordinates?: Matrix;
    },
): Promise<IdentificationSummary> {
  const { identities } = set;
  const { matcher, seeds } = options;
  const coordinates = options.coordinates ?? matcher?.project(set);
  const runs = await repeat(
    options,
    (seed) => drawIdentificationLists(identities, { ...options, seed }),
    ({ closed, openSingle, openMany }) => ({
      closed: closedSet(enrolByBest(table, identities, closed.gallery), identities, closed.probes),
      openSingle: openSet(enrolByBest(table, identities, openSingle.gallery), identities, openSingle),
      openMany: openSet(enrolByBest(table, identities, openMany.gallery), identities, openMany),
      openManyBySet:
        matcher &&
        openSet(enrolBySet(matcher, coordinates!, identities, openMany.gallery), identities, openMany),
    }),
  );
  const closed = runs.map((run) => run.closed);
  return {
    seeds,
    closed: {
      ...closed[0],
      rank1: spreadOf(closed.map(({ rank1 }) => rank1)),
      cumulativeMatch: closed[0].cumulativeMatch.map(({ rank }, i) => ({
        rank,
        rate: spreadOf(closed.map(({ cumulativeMatch }) => cumulativeMatch[i].rate)),
      })),
    },
    openSingle: summarise(runs.map((run) => run.openSingle)),
    openMany: summarise(runs.map((run) => run.openMany)),
    ...(matcher && { openManyBySet: summarise(runs.map((run) => run.openManyBySet!)) }),
  };
}

export interface BlufrSummary {
  readonly seeds: readonly number[];
  readonly genuinePairs: Spread;
  readonly impostorPairs: Spread;
  readonly verification: readonly { readonly falseAcceptRate: number; readonly rate: Spread }[];
  readonly openSet: OpenSetSummary;
}

/** Scores BLUFR's two tasks on trials drawn by each seed. BLUFR reports mean minus deviation. */
export async function blufrTrials(
  identities: readonly string[],
  table: ScoreTable,
  options: RepeatedOptions<BlufrTrial> & Partial<BlufrSizes>,
): Promise<BlufrSummary> {
  const runs: BlufrResult[] = await repeat(
    options,
    (seed) => drawBlufrTrial(identities, { ...options, seed }),
    (trial) => blufr(table, identities, trial),
  );
  return {
    seeds: options.seeds,
    genuinePairs: spreadOf(runs.map(({ genuinePairs }) => genuinePairs)),
    impostorPairs: spreadOf(runs.map(({ impostorPairs }) => impostorPairs)),
    verification: BLUFR_RATES.map((falseAcceptRate, i) => ({
      falseAcceptRate,
      rate: spreadOf(runs.map(({ verification }) => verification[i].rate)),
    })),
    openSet: summarise(runs.map((run) => run.openSet)),
  };
}

async function repeat<Lists, Result>(
  { seeds, onLists, onProgress, signal }: RepeatedOptions<Lists>,
  draw: (seed: number) => Lists,
  score: (lists: Lists) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const seed of seeds) {
    signal?.throwIfAborted();
    const lists = draw(seed);
    await onLists?.(seed, lists);
    results.push(score(lists));
    onProgress?.(results.length, seeds.length);
    await new Promise((resolve) => setTimeout(resolve)); // others may draw or interrupt
  }
  return results;
}

const summarise = (runs: readonly OpenSet[]): OpenSetSummary => ({
  ...runs[0],
  detection: REPORTED_ALARM_RATES.map((falseAlarmRate, i) => ({
    falseAlarmRate,
    rate: spreadOf(runs.map(({ detection }) => detection[i].rate)),
  })),
});
