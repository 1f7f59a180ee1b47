/**
 * The margin of the verification signal. It is not learned by gradient, which would take it to 0, but re-set
 * now and then to the distance that best parts same from different pairs among the most recent ones.
 *
 * Source: DeepID2 (NIPS 2014), Section 3.
 */

/** The last `capacity` pairs of one tap: a ring. Plain arrays, so that a checkpoint can hold them. */
export interface RecentPairs {
  readonly distances: Float32Array; // [capacity]
  readonly same: Uint8Array; // [capacity], 1 for one person
  /** Pairs seen so far; the ring holds the last `capacity` of them. */
  seen: number;
}

export const recentPairs = (capacity: number): RecentPairs => ({
  distances: new Float32Array(capacity),
  same: new Uint8Array(capacity),
  seen: 0,
});

export function remember(ring: RecentPairs, distance: number, same: boolean): void {
  const place = ring.seen % ring.distances.length;
  ring.distances[place] = distance;
  ring.same[place] = Number(same);
  ring.seen++;
}

/**
 * The largest threshold of least error on the ring: a pair is taken for one person when its distance is at most
 * the threshold. Halfway between the two distances that it parts; 0, or the largest, where all lie on one side.
 */
export function bestMargin({ distances, same, seen }: RecentPairs): number {
  const count = Math.min(seen, distances.length);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => distances[a] - distances[b]);
  let errors = order.reduce((total, i) => total + same[i], 0); // threshold 0 misses every same pair
  let [least, best] = [errors, 0];
  for (let k = 0; k < count; k++) {
    errors += same[order[k]] ? -1 : 1; // the threshold moves past this pair
    const next = k + 1 < count ? distances[order[k + 1]] : distances[order[k]];
    if (errors <= least && (k + 1 === count || next > distances[order[k]])) {
      [least, best] = [errors, (distances[order[k]] + next) / 2];
    }
  }
  return best;
}
