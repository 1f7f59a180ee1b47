/** A matcher from any features of known people, of our nets or of another system. */
import { InputError } from "../../base/errors/index.ts";
import { createRng, shuffle } from "../../base/random/index.ts";
import { type FeatureSet, type Provenance, selectPeople } from "../../matching/features/index.ts";
import { assertNoOverlap } from "../../matching/protocols/index.ts";
import { type ChooseMatcherOptions, type ChosenMatcher, chooseMatcher } from "./chooseMatcher.ts";

/** Features as `readFeatures` gives them; `name` stands in errors. */
export interface NamedFeatures {
  readonly set: FeatureSet;
  readonly provenance?: Provenance;
  readonly name?: string;
}

export interface FitFromFeaturesOptions extends Omit<ChooseMatcherOptions, "blockSize"> {
  /** People to choose the size and to calibrate on; left out, some of the others are kept for it. */
  readonly validation?: NamedFeatures;
  /** The share of people kept, without `validation`: in (0, 1). */
  readonly holdOut: number;
  /** Columns of the blocks brought to unit length first, 0: none (default: as the provenance says, or the row). */
  readonly blockSize?: number;
}

export interface FittedMatcher extends ChosenMatcher {
  readonly blockSize: number;
  /** Whom it learned from, and whom its size was chosen on. No person is in both. */
  readonly from: { readonly people: number; readonly pictures: number };
  readonly chosenOn: { readonly people: number; readonly pictures: number };
}

/**
 * Fits principal components and Joint Bayesian to features of people whom the features were NOT trained on, and chooses
 * the number of components on other people. InputError where blocks do not divide the columns or dimensions differ.
 */
export async function fitFromFeatures(
  learning: NamedFeatures,
  options: FitFromFeaturesOptions,
): Promise<FittedMatcher> {
  const { matching, validation } = peopleFor(learning.set, options);
  const blockSize = blockSizeFor(learning, options.blockSize);
  const chosen = await chooseMatcher(matching, validation, { ...options, blockSize });
  return {
    ...chosen,
    blockSize: chosen.matcher.model.blockSize,
    from: sizesOf(matching),
    chosenOn: sizesOf(validation),
  };
}

const sizesOf = ({ rows, identities }: FeatureSet) => ({ people: new Set(identities).size, pictures: rows });

/** Whom to learn from and whom to choose on: two sets, or one dealt by person. */
function peopleFor(set: FeatureSet, { validation, holdOut, seed }: FitFromFeaturesOptions) {
  if (validation === undefined) {
    const people = shuffle([...new Set(set.identities)].sort(), createRng(seed).fork("held out"));
    const heldOut = new Set(people.slice(0, Math.max(2, Math.round(holdOut * people.length))));
    if (people.length - heldOut.size < 2) {
      throw new InputError(
        `a matcher needs two people to fit on and two held out, got ${people.length}; more people, or others to choose on`,
      );
    }
    return {
      matching: selectPeople(set, (person) => !heldOut.has(person)),
      validation: selectPeople(set, (person) => heldOut.has(person)),
    };
  }
  const { set: other, name = "validation" } = validation;
  if (other.dimension !== set.dimension) {
    throw new InputError(
      `${name}: needs features of dimension ${set.dimension} like the others, got ${other.dimension}`,
    );
  }
  assertNoOverlap(set.identities, other.identities);
  return { matching: set, validation: other };
}

/** What was asked for, or what the features' file says of itself, or the whole row. */
function blockSizeFor({ set: { dimension }, provenance }: NamedFeatures, asked: number | undefined): number {
  const size = asked ?? Number(provenance?.blockSize ?? dimension);
  if (Number.isInteger(size) && size >= 0 && (size === 0 || dimension % size === 0)) return size;
  throw new InputError(`blocks must divide the ${dimension} columns, got ${size}`);
}
