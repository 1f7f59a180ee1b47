/** Two halves of a set of pictures, for training on one and testing on the other. Paper: Section 6.1. */

import { type Rng, shuffle } from "../../base/random/index.ts";
import type { FeatureSet } from "../features/index.ts";
import { rowsByPerson } from "../features/index.ts";

/**
 * What is dealt: pictures, each person's evenly (the paper's split), or whole people, so that an attribute cannot be
 * recognised by knowing the person.
 */
export type SplitBy = "picture" | "person";

/** The half of each row, 0 or 1 [rows]. */
export type Halves = Uint8Array;

/** Deals the rows to two halves at random. */
export function dealHalves(set: Pick<FeatureSet, "identities">, by: SplitBy, rng: Rng): Halves {
  const rowsOf = rowsByPerson(set.identities);
  const halves = new Uint8Array(set.identities.length);
  const people = shuffle([...rowsOf.keys()].sort(), rng);
  let dealt = 0; // goes on from person to person, so that people of one picture fall on both sides
  for (const person of people) {
    const rows = rowsOf.get(person)!;
    for (const row of by === "picture" ? shuffle(rows, rng) : rows) {
      halves[row] = dealt % 2;
      if (by === "picture") dealt++;
    }
    if (by === "person") dealt++;
  }
  return halves;
}
