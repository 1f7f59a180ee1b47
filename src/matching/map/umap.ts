/**
 * UMAP (McInnes, Healy and Melville, 2018) by umap-js: faces with the same neighbours come to lie together. Distances
 * between far groups say little. Neighbours are given exactly, it starts from the plane of principal components (which keeps
 * more of how groups lie to each other than a random start; Kobak and Linderman, Nature Biotechnology 2021), and every
 * random number comes from `rng`.
 */
import { UMAP } from "umap-js";
import { type Progress, pacer } from "../../base/progress/index.ts";
import type { Rng } from "../../base/random/index.ts";
import { type Distances, nearestOf } from "./likeness.ts";

/** Neighbours that make a group, the face itself among them: the method's usual number. */
const NEIGHBOURS = 15;
const NEAREST_ON_MAP = 0.1;

/** The start lies between these and their negatives, as the method's own would. */
const START = 10;

export interface UmapOptions extends Progress {
  /** [n, 2]: where the faces lie at first, from 0 to 1. */
  readonly start: Float64Array;
  readonly rng: Rng;
}

/** Points [n, 2] for faces whose distances are given, n at least 3. */
export async function umapPoints(
  { rows: n, values }: Distances,
  { start, rng, ...progress }: UmapOptions,
): Promise<Float64Array> {
  const nNeighbors = Math.min(NEIGHBOURS, n - 1);
  const umap = new UMAP({ nComponents: 2, nNeighbors, minDist: NEAREST_ON_MAP, random: rng.uniform });
  const pace = pacer(progress);
  const faces = Array.from({ length: n }, (_, row) => row);
  const near = faces.map((row) => [row, ...nearestOf({ rows: n, values }, row, nNeighbors - 1)]);
  umap.setPrecomputedKNN(
    near,
    near.map((others, row) => others.map((other) => values[row * n + other])),
  );
  const epochs = umap.initializeFit(faces.map((row) => [row])); // the features themselves are not asked for
  for (const [row, point] of umap.getEmbedding().entries()) {
    for (const k of [0, 1]) point[k] = START * (2 * start[2 * row + k] - 1); // the points themselves, no copies
  }
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    await pace(epoch, epochs);
  }
  return Float64Array.from(umap.getEmbedding().flat());
}
