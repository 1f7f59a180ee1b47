/** Who teaches a matcher: people kept from the net and, where those are few, some whom it was trained on. */

import { InputError } from "../../base/errors/index.ts";
import type { PeopleSplit } from "../../faces/data/index.ts";

/**
 * The people kept from the net for this, and the first `trained` of those who trained it.
 *
 * Paper: Section 4, 2,000 people kept from the nets. Departure: a net draws the people it was trained on further apart,
 * but a few hundred others say too little of how people differ; results/matcher-people.json weighs one against the other.
 */
export function matchingPeople({ matching, train }: PeopleSplit, trained: number): string[] {
  if (Number.isInteger(trained) && trained >= 0 && trained <= train.length) {
    return [...matching, ...train.slice(0, trained)];
  }
  throw new InputError(
    `of the ${train.length} people who trained the net ${trained} cannot teach the matcher: a whole number from 0 to ${train.length} is needed`,
  );
}
