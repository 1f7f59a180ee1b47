/**
 * Splits of people into those who train and those who do not.
 *
 * Paper: Section 3: 12,000 people, none of LFW; Section 4: Joint Bayesian is trained on 2,000 of them (DeepID2: on people the nets have not seen).
 */
import { InputError } from "../../base/errors/index.ts";
import { type Rng, shuffle } from "../../base/random/index.ts";
import { rowsByPerson } from "../../matching/features/index.ts";

export interface SplitOptions {
  /** People that Joint Bayesian learns from: a number of people, or below 1 a share of them. */
  readonly matching: number;
  /** People that choices are made on: a number, or below 1 a share. */
  readonly validation: number;
  /** People that train the net: a number, or below 1 a share. All the others when left out. */
  readonly train?: number;
  /** A person of so many pictures is deep. */
  readonly deepPictures?: number;
  /** The share of deep people asked for among `matching` and among `validation`, as far as there are enough. */
  readonly deepShare?: number;
}

export const SPLIT_DEFAULTS = { deepPictures: 10, deepShare: 0.3 } as const satisfies Partial<SplitOptions>;

/** People by what they are for; no person is in two parts. */
export interface PeopleSplit {
  readonly train: readonly string[];
  readonly matching: readonly string[];
  readonly validation: readonly string[];
}

/**
 * Splits the people of `identities` [pictures] at random. Within-person variation is learned and measured best
 * on people of many pictures, so some of those are held out, but not all: the net needs them too.
 */
export function splitPeople(
  identities: readonly string[],
  options: SplitOptions & { readonly rng: Rng },
): PeopleSplit {
  const { matching, validation, train, deepPictures, deepShare, rng } = { ...SPLIT_DEFAULTS, ...options };
  if (!(deepShare >= 0 && deepShare <= 1)) {
    throw new InputError(`splitPeople: deepShare must be in [0, 1], got ${deepShare}`);
  }
  const rows = rowsByPerson(identities);
  const people = shuffle([...rows.keys()].sort(), rng);
  const isDeep = (person: string) => rows.get(person)!.length >= deepPictures;
  const deep = people.filter(isDeep);
  const shallow = people.filter((person) => !isDeep(person));
  const take = (size: number): string[] => {
    const fromDeep = deep.splice(0, Math.round(size * deepShare));
    const fromShallow = shallow.splice(0, size - fromDeep.length);
    return [
      ...fromDeep,
      ...fromShallow,
      ...deep.splice(0, size - fromDeep.length - fromShallow.length),
    ].sort();
  };
  const sizeOf = (name: string, wanted: number) => {
    const size = wanted < 1 ? Math.round(wanted * people.length) : wanted;
    if (Number.isInteger(size) && size >= 0) return size;
    throw new InputError(`splitPeople: ${name} must be a number of people or a share below 1, got ${wanted}`);
  };
  const sizes = { matching: sizeOf("matching", matching), validation: sizeOf("validation", validation) };
  const rest = people.length - sizes.matching - sizes.validation;
  const trainSize = train === undefined ? rest : sizeOf("train", train);
  if (!(trainSize <= rest && rest >= 0)) {
    throw new InputError(
      `splitPeople: ${trainSize} to train, ${sizes.matching} for matching and ${sizes.validation} for validation ` +
        `are more than the ${people.length} people there are`,
    );
  }
  const heldOut = { matching: take(sizes.matching), validation: take(sizes.validation) };
  return {
    ...heldOut,
    train: shuffle([...deep, ...shallow], rng)
      .slice(0, trainSize)
      .sort(),
  };
}

/** The rows of `identities` that show one of `people`, in rising order. */
export function rowsOf(identities: readonly string[], people: Iterable<string>): Int32Array {
  const wanted = new Set(people);
  return Int32Array.from([...identities.keys()].filter((row) => wanted.has(identities[row])));
}
