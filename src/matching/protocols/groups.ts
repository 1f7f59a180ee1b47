/**
 * Verification by groups of people: everybody is decided by the same threshold, and each group's strangers are of that
 * group, as they are where people of one place are compared. Not in the paper.
 */
import { InputError } from "../../base/errors/index.ts";
import type { Rng } from "../../base/random/index.ts";
import type { FeatureSet } from "../features/index.ts";
import type { PairMetric } from "../match/index.ts";
import type { LabelledPair, ScoredPair } from "./scoredPairs.ts";
import { bestThreshold } from "./threshold.ts";

/** A share with its 95 % interval from resampled people. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface GroupResult {
  readonly group: string;
  readonly people: number;
  readonly pairs: { readonly same: number; readonly different: number };
  /** Mean of both kinds' shares of right decisions, at the threshold that is best for everybody. */
  readonly accuracy: Estimate;
  /** At the threshold of `falseAcceptRate` among everybody. */
  readonly falseAccept: Estimate;
  readonly falseReject: Estimate;
}

export interface GroupsResult {
  readonly metric: string;
  readonly falseAcceptRate: number;
  readonly thresholds: { readonly best: number; readonly falseAccept: number };
  /** Everybody first, then each group. */
  readonly groups: readonly GroupResult[];
}

export interface GroupsOptions {
  readonly rng: Rng;
  /** Pairs of one person drawn of each, at most; so nobody of many pictures decides for all. */
  readonly pairsPerPerson?: number;
  /** Pairs of two people drawn in each group. */
  readonly strangers?: number;
  readonly falseAcceptRate?: number;
  /** Times that people are drawn anew, with replacement. */
  readonly resamples?: number;
}

export const GROUPS_DEFAULTS = {
  pairsPerPerson: 5,
  strangers: 20_000,
  falseAcceptRate: 0.01,
  resamples: 1_000,
} as const satisfies Omit<GroupsOptions, "rng">;

export const EVERYBODY = "everybody";

/** Scores pairs within each of `groups` (names of people) and among all people of `set`. */
export function verificationByGroup(
  metric: PairMetric,
  set: FeatureSet,
  groups: ReadonlyMap<string, ReadonlySet<string>>,
  options: GroupsOptions,
): GroupsResult {
  const given = { ...GROUPS_DEFAULTS, ...options };
  const { falseAcceptRate, rng } = given;
  if (!(falseAcceptRate > 0 && falseAcceptRate < 1)) {
    throw new InputError(`groups: the false accept rate must be between 0 and 1, got ${falseAcceptRate}`);
  }
  const all = new Map([[EVERYBODY, new Set(set.identities)], ...groups]);
  const drawn = [...all].map(([name, people]) => pairsOfGroup(set, { name, people }, given, rng.fork(name)));
  const scores = metric.score(
    set,
    drawn.flatMap(({ pairs }) => pairs.map(({ a, b }) => [a, b] as const)),
  ); // in one go: the set is projected once
  let from = 0;
  const scored = drawn.map(({ pairs }) => pairs.map(({ same }) => ({ score: scores[from++], same })));
  const best = bestThreshold(balanced(scored[0])).threshold;
  const strangers = Float64Array.from(scored[0].flatMap(({ same, score }) => (same ? [] : [score]))).sort();
  const accepted = Math.floor(falseAcceptRate * strangers.length);
  const thresholds = { best, falseAccept: strangers[strangers.length - 1 - accepted] };
  const results = drawn.map((draw, k) => estimate(draw, scored[k], thresholds, given));
  return { metric: metric.name, falseAcceptRate, thresholds, groups: results };
}

/** Pairs of a group, and of whom. */
export interface GroupPairs {
  readonly name: string;
  readonly people: readonly string[];
  readonly pairs: readonly LabelledPair[];
  /** Of each pair, the numbers of its two people. */
  readonly of: readonly (readonly [number, number])[];
  readonly rng: Rng;
}

/** Draws pairs of one person and of strangers among the people of a group. */
export function pairsOfGroup(
  set: FeatureSet,
  { name, people: wanted }: { readonly name: string; readonly people: ReadonlySet<string> },
  { pairsPerPerson, strangers }: Required<Pick<GroupsOptions, "pairsPerPerson" | "strangers">>,
  rng: Rng,
): GroupPairs {
  const rows = new Map<string, number[]>();
  for (const [row, person] of set.identities.entries()) {
    if (wanted.has(person)) rows.set(person, [...(rows.get(person) ?? []), row]);
  }
  const people = [...rows.keys()].sort();
  const pairs: LabelledPair[] = [];
  const of: (readonly [number, number])[] = [];
  for (const [number, person] of people.entries()) {
    for (const [a, b] of pairsOf(rows.get(person)!, pairsPerPerson, rng)) {
      pairs.push({ a, b, same: true });
      of.push([number, number]);
    }
  }
  if (people.length < 2 || pairs.length === 0) {
    throw new InputError(
      `groups: ${name} needs two people and one with two pictures, got ${people.length} and ${pairs.length} pairs`,
    );
  }
  const pick = (person: number) => {
    const own = rows.get(people[person])!;
    return own[rng.integer(own.length)];
  };
  for (let k = 0; k < strangers; k++) {
    const first = rng.integer(people.length);
    const second = (first + 1 + rng.integer(people.length - 1)) % people.length;
    pairs.push({ a: pick(first), b: pick(second), same: false });
    of.push([first, second]);
  }
  return { name, people, pairs, of, rng };
}

/** Up to `most` different pairs of `rows`, at random. */
function pairsOf(rows: readonly number[], most: number, rng: Rng): [number, number][] {
  const possible = (rows.length * (rows.length - 1)) / 2;
  const chosen = new Map<string, [number, number]>();
  while (chosen.size < Math.min(most, possible)) {
    const a = rng.integer(rows.length);
    const b = (a + 1 + rng.integer(rows.length - 1)) % rows.length;
    const pair: [number, number] = [rows[Math.min(a, b)], rows[Math.max(a, b)]];
    chosen.set(pair.join(), pair);
  }
  return [...chosen.values()];
}

/** As many of each kind: the rarer ones stand for themselves, of the others the first. */
function balanced(pairs: readonly ScoredPair[]): ScoredPair[] {
  const [same, different] = [true, false].map((kind) => pairs.filter((pair) => pair.same === kind));
  const count = Math.min(same.length, different.length);
  return [...same.slice(0, count), ...different.slice(0, count)];
}

/** Rates of a group, and how far they move when other people of the same kind are met. */
function estimate(
  { name, people, of, rng }: GroupPairs,
  scored: readonly ScoredPair[],
  { best, falseAccept }: GroupsResult["thresholds"],
  { resamples }: Required<GroupsOptions>,
): GroupResult {
  const rates = (weightOf: (pair: number) => number) => {
    const total = { same: 0, different: 0, right: 0, rightDifferent: 0, accepted: 0, rejected: 0 };
    for (const [k, { score, same }] of scored.entries()) {
      const weight = weightOf(k);
      if (weight === 0) continue;
      if (same) {
        total.same += weight;
        if (score > best) total.right += weight;
        if (score <= falseAccept) total.rejected += weight;
      } else {
        total.different += weight;
        if (score <= best) total.rightDifferent += weight;
        if (score > falseAccept) total.accepted += weight;
      }
    }
    return {
      accuracy: (total.right / total.same + total.rightDifferent / total.different) / 2,
      falseAccept: total.accepted / total.different,
      falseReject: total.rejected / total.same,
    };
  };
  const measured = rates(() => 1);
  const times = new Uint16Array(people.length);
  const draws = Array.from({ length: resamples }, () => {
    times.fill(0);
    for (let k = 0; k < people.length; k++) times[rng.integer(people.length)]++;
    return rates((pair) => {
      const [a, b] = of[pair];
      return a === b ? times[a] : times[a] * times[b];
    });
  });
  const interval = (rate: keyof typeof measured): Estimate => {
    const sorted = draws
      .map((draw) => draw[rate])
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? measured[rate];
    return { value: measured[rate], low: at(0.025), high: at(0.975) };
  };
  const same = scored.filter((pair) => pair.same).length;
  return {
    group: name,
    people: people.length,
    pairs: { same, different: scored.length - same },
    accuracy: interval("accuracy"),
    falseAccept: interval("falseAccept"),
    falseReject: interval("falseReject"),
  };
}
