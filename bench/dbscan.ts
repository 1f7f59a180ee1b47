/** DBSCAN [Ester et al., 1996], the usual way to group faces, for comparison: by cosine, with groups of two or more. */
import { type FeatureSet, normaliseBlocks, rowOf } from "../src/matching/features/index.ts";

/** Groups of rows for each of `least`, the cosines from which two faces are neighbours; faces without any are groups of one. */
export function dbscan(set: FeatureSet, least: readonly number[]): number[][][] {
  const unit = normaliseBlocks(set, set.dimension);
  // With groups of two or more every face that has a neighbour is a core: groups are connected parts.
  const parents = least.map(() => Int32Array.from({ length: set.rows }, (_, row) => row));
  const rootOf = (parent: Int32Array, row: number): number => {
    let at = row;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  for (let a = 0; a < set.rows; a++) {
    const first = rowOf(unit, a);
    for (let b = a + 1; b < set.rows; b++) {
      const second = rowOf(unit, b);
      let cosine = 0;
      for (let j = 0; j < first.length; j++) cosine += first[j] * second[j];
      for (const [i, parent] of parents.entries()) {
        if (cosine >= least[i]) parent[rootOf(parent, b)] = rootOf(parent, a);
      }
    }
  }
  return parents.map((parent) => {
    const groups = new Map<number, number[]>();
    for (let row = 0; row < set.rows; row++) {
      const root = rootOf(parent, row);
      groups.set(root, [...(groups.get(root) ?? []), row]);
    }
    return [...groups.values()];
  });
}
