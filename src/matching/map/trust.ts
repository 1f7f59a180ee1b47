/**
 * How far the neighbours on a map can be believed. Source: Venna and Kaski, "Neighborhood preservation in nonlinear
 * projection methods", ICANN 2001. Beyond the paper.
 *
 *   T(k) = 1 - 2 / (n k (2n - 3k - 1)) Σ_i Σ_{j among the k nearest of i on the map only} (r(i, j) - k)
 *
 * with r(i, j) the place of j among the neighbours of i by their features.
 */
import { InputError } from "../../base/errors/index.ts";
import { type Distances, nearestOf } from "./likeness.ts";

/**
 * 1: the `k` nearest on the map are the `k` nearest by features, for every face. About 0.5: a map at random. Both take
 * distances between the same n faces, and k must be below n/2.
 */
export function trustworthiness(features: Distances, map: Distances, k: number): number {
  const n = features.rows;
  if (map.rows !== n || !(Number.isInteger(k) && k >= 1 && 2 * k < n)) {
    throw new InputError(
      `trustworthiness: needs two maps of the same faces and k below half of them, got ${n}, ${map.rows} and k = ${k}`,
    );
  }
  let out = 0;
  const place = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    for (const [rank, j] of nearestOf(features, i).entries()) place[j] = rank + 1;
    for (const j of nearestOf(map, i, k)) out += Math.max(0, place[j] - k);
  }
  return 1 - (2 * out) / (n * k * (2 * n - 3 * k - 1));
}
