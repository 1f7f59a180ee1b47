/** How well groups of faces agree with who they are. */
import { InputError } from "../../base/errors/index.ts";

/** Shares in [0, 1]; F1 is the harmonic mean of precision and recall. */
export interface ClusterQuality {
  /** Over all pairs of faces: of those in one group the share of one person, and of those of one person the share in one group. */
  readonly pairwise: PrecisionRecall;
  /** The same for each face, averaged over faces [BCubed: Bagga and Baldwin, 1998]: large groups weigh less. */
  readonly bcubed: PrecisionRecall;
}

export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** The quality of `groups` of rows, each row in one of them, whose people are `identities`. */
export function clusterQuality(
  groups: readonly (readonly number[])[],
  identities: readonly string[],
): ClusterQuality {
  const people = new Map<string, number>();
  for (const person of identities) people.set(person, (people.get(person) ?? 0) + 1);
  let [grouped, together, right, precision, recall] = [0, 0, 0, 0, 0];
  for (const group of groups) {
    const counts = new Map<string, number>();
    for (const row of group) counts.set(identities[row], (counts.get(identities[row]) ?? 0) + 1);
    grouped += group.length;
    together += pairsOf(group.length);
    for (const [person, count] of counts) {
      right += pairsOf(count);
      precision += count ** 2 / group.length;
      recall += count ** 2 / people.get(person)!;
    }
  }
  if (!(grouped === identities.length)) {
    throw new InputError(`clusterQuality: ${identities.length} faces, but ${grouped} in groups`);
  }
  const same = [...people.values()].reduce((sum, count) => sum + pairsOf(count), 0);
  return {
    pairwise: of(together === 0 ? 1 : right / together, same === 0 ? 1 : right / same),
    bcubed: of(precision / grouped, recall / grouped),
  };
}

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

const of = (precision: number, recall: number): PrecisionRecall => ({
  precision,
  recall,
  f1: precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0,
});
