/** Verification pairs drawn from any set of people, in the shape of LFW's: for held-out accuracy while training. */
import { InputError } from "../../base/errors/index.ts";
import { type Rng, shuffle } from "../../base/random/index.ts";
import { type PairList, rowsByPerson } from "../../matching/features/index.ts";

type Pair = PairList["folds"][number][number];

export interface MakePairsOptions {
  /** Pairs in all, half of them of one person; a multiple of twice the folds. */
  readonly count: number;
  /** Folds; no person is in two. */
  readonly folds?: number;
  readonly rng: Rng;
}

export const MAKE_PAIRS_DEFAULTS = { folds: 10 } as const satisfies Partial<MakePairsOptions>;

/**
 * Draws pairs of the pictures `names` [n] of `identities` [n]; no pair twice.
 *
 * Pairs are drawn per person, not per picture, so that people of many pictures do not outweigh the others.
 * Throws InputError when there are not enough people or pictures.
 */
export function makePairs(
  { names, identities }: { readonly names: readonly string[]; readonly identities: readonly string[] },
  options: MakePairsOptions,
): PairList {
  const { count, folds, rng } = { ...MAKE_PAIRS_DEFAULTS, ...options };
  const perKind = count / folds / 2;
  if (!(Number.isInteger(folds) && folds >= 1 && Number.isInteger(perKind) && perKind >= 1)) {
    throw new InputError(
      `makePairs: ${count} pairs cannot be ${folds} folds of as many same as different pairs`,
    );
  }
  const people = dealPeople(names, identities, { folds, rng });
  return {
    folds: people.map((fold) => [...samePairs(fold, perKind, rng), ...differentPairs(fold, perKind, rng)]),
  };
}

/** A person's pictures. */
type Pictures = readonly string[];

/** Deals people to folds at random, so that each fold gets as many with two pictures or more as any other. */
function dealPeople(
  names: readonly string[],
  identities: readonly string[],
  { folds, rng }: { folds: number; rng: Rng },
): Pictures[][] {
  const pictures = [...rowsByPerson(identities).values()].map((rows) => rows.map((row) => names[row]));
  const people = shuffle(pictures, rng);
  const ordered = [...people.filter((p) => p.length >= 2), ...people.filter((p) => p.length < 2)];
  return Array.from({ length: folds }, (_, fold) => ordered.filter((_, i) => i % folds === fold));
}

/** Goes round the people, one new pair of each at a time, until there are `count`. */
function samePairs(people: readonly Pictures[], count: number, rng: Rng): Pair[] {
  const pairsOf = (pictures: Pictures) => (pictures.length * (pictures.length - 1)) / 2;
  const available = people.reduce((sum, pictures) => sum + pairsOf(pictures), 0);
  if (!(available >= count)) {
    throw new InputError(
      `makePairs: a fold needs ${count} pairs of one person, its people have ${available}`,
    );
  }
  const pairs = new Map<string, Pair>();
  for (let round = 1; pairs.size < count; round++) {
    for (const pictures of people) {
      if (pairsOf(pictures) < round || pairs.size === count) continue;
      for (const before = pairs.size; pairs.size === before; ) {
        const first = rng.integer(pictures.length);
        const second = (first + 1 + rng.integer(pictures.length - 1)) % pictures.length;
        addPair(pairs, pictures[Math.min(first, second)], pictures[Math.max(first, second)], true);
      }
    }
  }
  return [...pairs.values()];
}

function differentPairs(people: readonly Pictures[], count: number, rng: Rng): Pair[] {
  const total = people.reduce((sum, pictures) => sum + pictures.length, 0);
  const squares = people.reduce((sum, pictures) => sum + pictures.length ** 2, 0);
  const available = (total * total - squares) / 2;
  if (!(available >= count)) {
    throw new InputError(
      `makePairs: a fold needs ${count} pairs of two people, its people have ${available}`,
    );
  }
  const pairs = new Map<string, Pair>();
  while (pairs.size < count) {
    const first = rng.integer(people.length);
    const second = (first + 1 + rng.integer(people.length - 1)) % people.length;
    const [one, other] = [people[Math.min(first, second)], people[Math.max(first, second)]];
    addPair(pairs, one[rng.integer(one.length)], other[rng.integer(other.length)], false);
  }
  return [...pairs.values()];
}

const addPair = (pairs: Map<string, Pair>, a: string, b: string, same: boolean) =>
  pairs.set(`${a}\n${b}`, { a, b, same });
