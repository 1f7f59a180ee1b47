/**
 * Do single neurons, and all of them together, tell people and attributes? Paper: Section 6.1, Figs 7 to 9: features
 * of the net beside LBP of several sizes, all features and the single best one, LFW cut in two.
 */

import { InputError } from "../../base/errors/index.ts";
import type { Progress } from "../../base/progress/index.ts";
import { createRng } from "../../base/random/index.ts";
import { formatPercent } from "../../base/text/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import type { Task } from "../../matching/probes/index.ts";
import {
  allFeaturesScores,
  canAsk,
  dealHalves,
  type SingleFeatureScore,
  type SplitBy,
  singleFeatureScores,
} from "../../matching/probes/index.ts";
import type { Multiply } from "../../math/linalg/index.ts";
import type { Finding, FindingNumber } from "./finding.ts";

/** Features under study; all sets of one study have the same rows. */
export interface NamedFeatures {
  readonly name: string;
  readonly set: FeatureSet;
  /** Those the claim is about; the others are what they are compared with. */
  readonly subject: boolean;
}

export interface TaskScore {
  readonly task: string;
  readonly kind: Task["kind"];
  readonly against: string;
  readonly positives: number;
  readonly negatives: number;
  readonly features: string;
  readonly by: SplitBy;
  /** Balanced accuracy, two-fold: of the best single feature, and of all together (null where not asked for). */
  readonly single: number;
  readonly all: number | null;
  /** The single feature chosen on either half. */
  readonly chosen: readonly number[];
}

export interface Selectivity {
  readonly pictures: number;
  readonly features: readonly {
    readonly name: string;
    readonly dimension: number;
    readonly subject: boolean;
  }[];
  readonly scores: readonly TaskScore[];
}

export interface SelectivityOptions extends Progress {
  readonly seed: number;
  /** Splits for attributes; people are always split by picture. */
  readonly splits?: readonly SplitBy[];
  /** Whether all features together are judged too, which takes most of the time. */
  readonly together?: boolean;
  readonly onStage?: (stage: string) => void;
  /** A faster matrix product, for all features together: without, LFW takes an hour. */
  readonly multiply?: Multiply;
}

export const SELECTIVITY_DEFAULTS = {
  seed: 1,
  splits: ["picture", "person"],
  together: true,
} as const satisfies SelectivityOptions;

/** Accuracy from which a single neuron counts as selective; the paper's best reach about 97 %. */
export const SELECTIVE = 0.9;

/**
 * Judges all tasks on all features. `single` in the result of `selectivity` holds every feature's accuracy for the
 * subject's features split by picture, from which excitation is drawn.
 */
export async function selectivity(
  features: readonly NamedFeatures[],
  tasks: readonly Task[],
  options: SelectivityOptions,
): Promise<{ result: Selectivity; ofNeurons: ReadonlyMap<string, SingleFeatureScore> }> {
  const { seed, splits, together, onStage, multiply, ...progress } = { ...SELECTIVITY_DEFAULTS, ...options };
  const [first] = features;
  if (!first) throw new InputError("selectivity: needs features, got none");
  const rng = createRng(seed).fork("selectivity");
  const scores: TaskScore[] = [];
  const ofNeurons = new Map<string, SingleFeatureScore>();
  for (const { name, set, subject } of features) {
    checkSameRows(first.set, set, name);
    for (const by of ["picture", "person"] as const) {
      const asked = tasks.filter(({ kind }) => (kind === "person" ? by === "picture" : splits.includes(by)));
      if (asked.length === 0) continue;
      const halves = dealHalves(set, by, rng.fork(by));
      const fair = asked.filter((task) => canAsk(task, halves));
      onStage?.(`${name}, halves by ${by}`);
      const single = await singleFeatureScores(set, fair, halves, progress);
      const all = together
        ? await allFeaturesScores(set, fair, halves, {
            by,
            rng: rng.fork(`${by} svm`),
            multiply,
            ...progress,
          })
        : undefined;
      for (const [t, { labels, ...task }] of fair.entries()) {
        const { accuracy, chosen } = single[t];
        scores.push({
          task: task.name,
          kind: task.kind,
          against: task.against,
          positives: task.positives,
          negatives: task.negatives,
          features: name,
          by,
          single: accuracy,
          all: all?.[t].accuracy ?? null,
          chosen: chosen.map(({ feature }) => feature),
        });
        if (subject && by === "picture") ofNeurons.set(task.name, single[t]);
      }
    }
  }
  const described = features.map(({ name, set, subject }) => ({ name, dimension: set.dimension, subject }));
  return { result: { pictures: first.set.rows, features: described, scores }, ofNeurons };
}

function checkSameRows(first: FeatureSet, set: FeatureSet, name: string): void {
  if (set.rows !== first.rows || set.names.some((picture, row) => picture !== first.names[row])) {
    throw new InputError(`selectivity: ${name} has other pictures than the first features`);
  }
}

/** Scores of the subject, or of what it is compared with, of one kind of task and one split. */
export function scoresOf(
  { scores, features }: Selectivity,
  { subject, kind, by = "picture" }: { subject: boolean; kind: Task["kind"]; by?: SplitBy },
): TaskScore[] {
  const names = new Set(features.filter((of) => of.subject === subject).map(({ name }) => name));
  return scores.filter((score) => names.has(score.features) && score.kind === kind && score.by === by);
}

/** Whether the paper's claim holds: single neurons tell people and attributes, and better than single LBP features. */
export function selectivityFinding(result: Selectivity): Finding {
  const kinds = ["person", "attribute"] as const;
  const ours = kinds.map((kind) => scoresOf(result, { subject: true, kind }));
  const theirs = kinds.map((kind) => scoresOf(result, { subject: false, kind }));
  const best = (scores: readonly TaskScore[]) => Math.max(...scores.map(({ single }) => single));
  const selective = ours.map((scores) => scores.filter(({ single }) => single >= SELECTIVE).length);
  const asked = kinds.filter((_, k) => ours[k].length > 0);
  const reached = asked.length > 0 && asked.every((kind) => selective[kinds.indexOf(kind)] > 0);
  const ahead = kinds.every((_, k) => theirs[k].length === 0 || meanOf(ours[k]) > bestMean(theirs[k]));
  const holds = asked.length === 0 ? null : reached && ahead;
  const told = asked
    .map((kind) => {
      const k = kinds.indexOf(kind);
      return `${selective[k]} of ${ours[k].length} ${NOUN[kind]} (best ${formatPercent(best(ours[k]))})`;
    })
    .join(" and ");
  const compared =
    theirs.flat().length === 0
      ? ""
      : `, ${ahead ? "and" : "but not"} on average ahead of what they are compared with`;
  return {
    study: "selectivity",
    claim: "Single neurons tell people and attributes; single LBP features do not.",
    where: "Section 6.1, Figs 7 to 9",
    holds,
    verdict:
      holds === null
        ? "Cannot be measured: no person has enough pictures and no attributes are given."
        : `${holds ? "Holds" : "Does not hold"} here: one neuron alone reaches ${formatPercent(SELECTIVE, { digits: 0 })} balanced accuracy on ${told}${compared}.`,
    numbers: [...kinds.flatMap((kind, k) => numbersOf(kind, ours[k], theirs[k])), ...unseenPeople(result)],
  };
}

const NOUN = { person: "people", attribute: "attributes" } as const;

type Measure = "single" | "all";

/** The mean of those scores that were measured. */
function meanOf(scores: readonly TaskScore[], measure: Measure = "single"): number {
  const measured = scores.flatMap((score) => score[measure] ?? []);
  return measured.reduce((sum, value) => sum + value / measured.length, 0);
}

/** The highest mean among the feature sets that the subject is compared with. */
function bestMean(scores: readonly TaskScore[], measure: Measure = "single"): number {
  return Math.max(...setsOf(scores).map(({ own }) => meanOf(own, measure)));
}

/** Scores by feature set. */
const setsOf = (scores: readonly TaskScore[]) =>
  [...new Set(scores.map(({ features }) => features))].map((name) => ({
    name,
    own: scores.filter(({ features }) => features === name),
  }));

function numbersOf(
  kind: Task["kind"],
  ours: readonly TaskScore[],
  theirs: readonly TaskScore[],
): FindingNumber[] {
  if (ours.length === 0) return [];
  const best = ours.reduce((p, q) => (q.single > p.single ? q : p));
  const selective = ours.filter(({ single }) => single >= SELECTIVE).length;
  const subject = (measure: Measure) => ({ name: "neurons", own: ours, measure });
  const means = (measure: Measure) =>
    [subject(measure), ...setsOf(theirs)]
      .map(({ name, own }) => `${name} ${formatPercent(meanOf(own, measure))}`)
      .join(", ");
  return [
    {
      what: `best single neuron on any ${kind}`,
      paper: "about 97 %",
      ours: `${formatPercent(best.single)} (${best.task})`,
    },
    {
      what: `${NOUN[kind]} that a single neuron tells with ${formatPercent(SELECTIVE, { digits: 0 })} or more`,
      ours: `${selective} of ${ours.length}`,
    },
    { what: `best single feature of each ${kind}, mean`, ours: means("single") },
    ...(ours.every(({ all }) => all === null)
      ? []
      : [{ what: `all features together on each ${kind}, mean`, ours: means("all") }]),
  ];
}

/** The same attributes judged on people who were not learned from. */
function unseenPeople(result: Selectivity): FindingNumber[] {
  const ours = scoresOf(result, { subject: true, kind: "attribute", by: "person" });
  if (ours.length === 0) return [];
  const best = ours.reduce((p, q) => (q.single > p.single ? q : p));
  const selective = ours.filter(({ single }) => single >= SELECTIVE).length;
  return [
    {
      what: `attributes on people not learned from, a single neuron: ${formatPercent(SELECTIVE, { digits: 0 })} or more; best`,
      ours: `${selective} of ${ours.length}; ${formatPercent(best.single)} (${best.task})`,
    },
  ];
}
