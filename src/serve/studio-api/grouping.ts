/** Faces of people whom nobody knows, those of one person together: agglomerative clustering with average linkage. */

/**
 * Groups of the numbers 0 to `count` - 1, the largest first: the two groups whose pairs score highest on average are
 * joined, as long as that is above `threshold`. `scoreOf` is asked once for each pair.
 */
export function groupByScore(
  count: number,
  threshold: number,
  scoreOf: (a: number, b: number) => number,
): number[][] {
  const groups = new Map(Array.from({ length: count }, (_, k): [number, number[]] => [k, [k]]));
  /** Sums of the scores between two groups, which add up when groups are joined. */
  const sums = Array.from({ length: count }, () => new Float64Array(count));
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) sums[a][b] = sums[b][a] = scoreOf(a, b);
  }
  for (;;) {
    const best = nearest(groups, sums);
    if (!(best.mean > threshold)) break;
    groups.set(best.a, [...groups.get(best.a)!, ...groups.get(best.b)!]);
    groups.delete(best.b);
    for (let k = 0; k < count; k++) sums[best.a][k] = sums[k][best.a] = sums[best.a][k] + sums[best.b][k];
  }
  return [...groups.values()].sort((p, q) => q.length - p.length || p[0] - q[0]);
}

function nearest(groups: ReadonlyMap<number, readonly number[]>, sums: readonly Float64Array[]) {
  let best = { a: 0, b: 0, mean: Number.NEGATIVE_INFINITY };
  const ids = [...groups.keys()];
  const sizes = ids.map((id) => groups.get(id)!.length);
  for (let i = 1; i < ids.length; i++) {
    const row = sums[ids[i]];
    for (let j = 0; j < i; j++) {
      const mean = row[ids[j]] / (sizes[i] * sizes[j]);
      if (mean > best.mean) best = { a: ids[j], b: ids[i], mean };
    }
  }
  return best;
}
