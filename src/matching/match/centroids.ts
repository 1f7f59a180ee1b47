/** k-means over coordinates of Joint Bayesian. */
import { type Rng, shuffle } from "../../base/random/index.ts";

export interface CentroidOptions {
  /** Most centroids. */
  readonly count: number;
  /** λ of the coordinates: what a direction tells of people weighs its differences. */
  readonly ratios: Float64Array;
  readonly rng: Rng;
}

/** Fewest members of a cluster: their mean is no one's face. */
const FEWEST = 3;
const ROUNDS = 12;

/** Means [k] of clusters of `rows` [n, k] of three members or more. */
export function centroidsOf(
  rows: readonly Float64Array[],
  { count, ratios, rng }: CentroidOptions,
): Float64Array[] {
  const weights = ratios.map((ratio) => ratio / (1 + 2 * ratio)); // of a product in Joint Bayesian's score
  const first = shuffle(rows, rng).slice(0, Math.min(count, Math.floor(rows.length / FEWEST)));
  let clusters = first.map((centroid) => ({ centroid, members: 1 }));
  for (let round = 0; round < ROUNDS; round++) {
    const centroids = clusters.map(({ centroid }) => centroid);
    const sums = centroids.map((centroid) => ({ sum: new Float64Array(centroid.length), members: 0 }));
    for (const row of rows) {
      const own = sums[nearestOf(row, centroids, weights)];
      own.members++;
      for (let k = 0; k < row.length; k++) own.sum[k] += row[k];
    }
    clusters = sums
      .filter(({ members }) => members > 0)
      .map(({ sum, members }) => ({ centroid: sum.map((value) => value / members), members }));
  }
  return clusters.filter(({ members }) => members >= FEWEST).map(({ centroid }) => centroid);
}

function nearestOf(row: Float64Array, centroids: readonly Float64Array[], weights: Float64Array): number {
  let [nearest, least] = [0, Number.POSITIVE_INFINITY];
  for (const [i, centroid] of centroids.entries()) {
    let distance = 0;
    for (let k = 0; k < row.length && distance < least; k++)
      distance += weights[k] * (row[k] - centroid[k]) ** 2;
    if (distance < least) [nearest, least] = [i, distance];
  }
  return nearest;
}
