/** Features of which the answers are known: for the tests of this folder. */

import { createRng } from "../../src/base/random/index.ts";
import type { AttributeTable } from "../../src/matching/features/index.ts";
import { createFeatureSet, type FeatureSet } from "../../src/matching/features/index.ts";

/** Columns of `planted`. */
export const COLUMN = { attribute: 0, noise: 1, opposite: 2, person: 3 } as const;

/**
 * `people` of `pictures` each. Column 0 is the attribute itself, 1 noise, 2 the attribute's opposite, 3 fires for
 * person-0 alone, the rest noise. An attribute belongs to a person: every other one has it.
 */
export function planted({ people = 30, pictures = 8, dimension = 8, seed = 1 } = {}): {
  set: FeatureSet;
  table: AttributeTable;
  has: boolean[];
} {
  const rng = createRng(seed);
  const rows = people * pictures;
  const values = Float32Array.from({ length: rows * dimension }, () => Math.max(0, rng.normal()));
  const identities = Array.from({ length: rows }, (_, row) => `person-${Math.floor(row / pictures)}`);
  const names = identities.map((identity, row) => `${identity}/${identity}_${row % pictures}`);
  const has = identities.map((identity) => Number(identity.slice(7)) % 2 === 0);
  for (let row = 0; row < rows; row++) {
    const at = row * dimension;
    values[at + COLUMN.attribute] = has[row] ? 1 + rng.uniform() : 0;
    values[at + COLUMN.opposite] = has[row] ? 0 : 1 + rng.uniform();
    values[at + COLUMN.person] = identities[row] === "person-0" ? 3 + rng.uniform() : rng.uniform();
  }
  const table = {
    pictures: names,
    attributes: new Map([
      ["Male", Int8Array.from(has, (it) => (it ? 1 : 0))],
      ["Female", Int8Array.from(has, (it) => (it ? 0 : 1))],
    ]),
  };
  return { set: createFeatureSet(values, dimension, { names, identities }), table, has };
}

/** The same features with their columns in another order: column j of the result is column `order[j]`. */
export function permuteColumns(set: FeatureSet, order: readonly number[]): FeatureSet {
  const { rows, dimension, values } = set;
  const moved = Float32Array.from(values, (_, at) => {
    const row = Math.floor(at / dimension);
    return values[row * dimension + order[at % dimension]];
  });
  return createFeatureSet(moved, dimension, { names: set.names.slice(0, rows), identities: set.identities });
}
