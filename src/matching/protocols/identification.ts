/**
 * Identification: who of a gallery is it, if anyone? Paper: Section 4, Table 3, after Best-Rowden, Han, Otto, Klare
 * and Jain, "Unconstrained face recognition: identifying a person of interest from a media collection" (TIFS 2014).
 *
 * Closed set: every probe is of an enrolled person; the rank of that person among all counts. Open set: some are of
 * nobody enrolled (impostors); a person is found if ranked first above a threshold that few impostors reach.
 * Ties count against the system: a person is ranked behind all others of the same score.
 */
import { InputError } from "../../base/errors/index.ts";
import type { Matrix } from "../../math/linalg/index.ts";
import { rowsByPerson } from "../features/index.ts";
import { type Matcher, scoresAgainstPeople } from "../match/index.ts";
import { largestScores } from "./impostors.ts";
import type { ScoreTable } from "./scoreTable.ts";

/** People enrolled, and how alike each is to a probe. */
export interface Enrolment {
  readonly people: readonly string[];
  /** Faces enrolled. */
  readonly faces: number;
  /** [people]; larger is more alike. `probe` is a row that is not enrolled. */
  scores(probe: number): Float64Array;
}

/** Enrols the faces of `rows`: a person's score is that of the most similar of their faces. */
export function enrolByBest(
  table: ScoreTable,
  identities: readonly string[],
  rows: readonly number[],
): Enrolment {
  const { people, groups } = byPerson(identities, rows);
  return {
    people,
    faces: rows.length,
    scores(probe) {
      const best = new Float64Array(groups.length).fill(Number.NEGATIVE_INFINITY);
      for (let i = 0; i < groups.length; i++) {
        for (const face of groups[i]) best[i] = Math.max(best[i], table.at(probe, face));
      }
      return best;
    },
  };
}

/**
 * Enrols the faces of `rows`: a person's score is the likelihood ratio of all their faces together. `projected` holds
 * the faces as `matcher.project` gives them.
 */
export function enrolBySet(
  matcher: Matcher,
  projected: Matrix,
  identities: readonly string[],
  rows: readonly number[],
): Enrolment {
  const { people, groups } = byPerson(identities, rows);
  return { people, faces: rows.length, scores: scoresAgainstPeople(matcher, projected, groups) };
}

function byPerson(identities: readonly string[], rows: readonly number[]) {
  if (!(rows.length >= 1)) throw new InputError("identification: a gallery needs faces, got none");
  const groups = rowsByPerson(identities, rows);
  return { people: [...groups.keys()], groups: [...groups.values()] };
}

/** All rates are shares from 0 to 1. */
export interface ClosedSet {
  readonly people: number;
  readonly faces: number;
  readonly probes: number;
  /** How often the right person is ranked first. */
  readonly rank1: number;
  /** Cumulative match characteristic: how often the right person is among the first `rank`. */
  readonly cumulativeMatch: readonly { readonly rank: number; readonly rate: number }[];
}

/** Ranks at which the cumulative match is reported, as far as the gallery has so many people. */
export const REPORTED_RANKS = [1, 2, 3, 5, 10, 20, 50, 100] as const;

/** Ranks the enrolled people for every probe. Every probe must be of one of them. */
export function closedSet(
  gallery: Enrolment,
  identities: readonly string[],
  probes: readonly number[],
): ClosedSet {
  const outcomes = probes.map(outcomeOf(gallery, identities));
  if (!(outcomes.length >= 1)) throw new InputError("closedSet: needs probes, got none");
  const within = (rank: number) =>
    outcomes.filter((outcome) => outcome.rank <= rank).length / outcomes.length;
  return {
    people: gallery.people.length,
    faces: gallery.faces,
    probes: probes.length,
    rank1: within(1),
    cumulativeMatch: REPORTED_RANKS.filter((rank) => rank <= gallery.people.length).map((rank) => ({
      rank,
      rate: within(rank),
    })),
  };
}

export interface OpenSet {
  readonly people: number;
  readonly faces: number;
  readonly genuine: number;
  readonly impostors: number;
  /** At each false alarm rate, how often an enrolled person is found: ranked first, above the threshold. */
  readonly detection: readonly Detection[];
}

export interface Detection {
  /** The share of impostors taken for somebody, at most. */
  readonly falseAlarmRate: number;
  /** Detection and identification rate, rank 1. */
  readonly rate: number;
  /** Scores above it are alarms. */
  readonly threshold: number;
}

/** False alarm rates at which detection is reported; the paper reports 1 %. */
export const REPORTED_ALARM_RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1] as const;

/** Looks for `genuine` probes, which are of enrolled people, and for `impostors`, which are not. */
export function openSet(
  gallery: Enrolment,
  identities: readonly string[],
  { genuine, impostors }: { readonly genuine: readonly number[]; readonly impostors: readonly number[] },
): OpenSet {
  if (!(genuine.length >= 1 && impostors.length >= 1)) {
    throw new InputError(
      `openSet: needs both kinds of probes, got ${genuine.length} and ${impostors.length}`,
    );
  }
  const enrolled = new Set(gallery.people);
  const known = impostors.find((row) => enrolled.has(identities[row]));
  if (known !== undefined)
    throw new InputError(`openSet: ${identities[known]} is enrolled and cannot be an impostor`);
  const alarms = largestScores(impostors.length, 1);
  for (const probe of impostors) alarms.add(gallery.scores(probe).reduce((a, b) => Math.max(a, b)));
  const found = genuine.map(outcomeOf(gallery, identities)).filter(({ rank }) => rank === 1);
  return {
    people: gallery.people.length,
    faces: gallery.faces,
    genuine: genuine.length,
    impostors: impostors.length,
    detection: REPORTED_ALARM_RATES.map((falseAlarmRate) => {
      const threshold = alarms.thresholdAt(falseAlarmRate);
      const above = found.filter(({ score }) => Math.fround(score) > threshold).length;
      return { falseAlarmRate, rate: above / genuine.length, threshold };
    }),
  };
}

/** The rank of a probe's own person, and that person's score. */
const outcomeOf = (gallery: Enrolment, identities: readonly string[]) => {
  const numbers = new Map(gallery.people.map((person, i) => [person, i]));
  return (probe: number): { rank: number; score: number } => {
    const own = numbers.get(identities[probe]);
    if (own === undefined)
      throw new InputError(`identification: ${identities[probe]} of a probe is not enrolled`);
    const scores = gallery.scores(probe);
    let rank = 0; // the person itself counts once
    for (const score of scores) if (score >= scores[own]) rank++;
    return { rank, score: scores[own] };
  };
};
