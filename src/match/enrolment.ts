/**
 * One face against people of several faces each, by the exact likelihood ratio of all of a person's faces at once:
 * `LikelihoodRatio.sets` for one face here and m there, with all that does not depend on the probe worked out before.
 */
import { InputError } from "../errors/index.ts";
import type { Matrix } from "../linalg/index.ts";
import type { Matcher } from "./matcher.ts";

/**
 * log p(probe, faces | one person) - log p(probe, faces | two) for a row of `projected` (from `matcher.project`) against
 * each of `people`, who are given by the rows of their faces.
 */
export function scoresAgainstPeople(
  matcher: Matcher,
  { values }: Matrix,
  people: readonly (readonly number[])[],
): (probe: number) => Float64Array {
  const { ratios } = matcher.model;
  const size = ratios.length;
  const enrolled = people.map((rows, i) => {
    if (!(rows.length >= 1)) throw new InputError(`joint Bayesian: person ${i} needs a face, got none`);
    const sum = new Float64Array(size);
    for (const row of rows) for (let k = 0; k < size; k++) sum[k] += values[row * size + k];
    return { sum, faces: rows.length, alone: evidence(ratios, sum, rows.length) };
  });
  const weights = new Map<number, { perDirection: Float64Array; constant: number }>();
  for (const { faces } of enrolled)
    if (!weights.has(faces + 1)) weights.set(faces + 1, weightsFor(ratios, faces + 1));
  return (probe) => {
    const face = values.subarray(probe * size, (probe + 1) * size);
    const own = evidence(ratios, face, 1);
    return Float64Array.from(enrolled, ({ sum, faces, alone }) => {
      const { perDirection, constant } = weights.get(faces + 1)!;
      let both = constant;
      for (let k = 0; k < size; k++) both += perDirection[k] * (sum[k] + face[k]) ** 2;
      return both - alone - own;
    });
  };
}

/** L(s, m) = Σ weight s² + constant, with weight = ½ λ / (1 + mλ) and constant = -½ Σ log(1 + mλ). */
function weightsFor(ratios: Float64Array, faces: number) {
  return {
    perDirection: ratios.map((ratio) => ratio / (2 * (1 + faces * ratio))),
    constant: ratios.reduce((total, ratio) => total - Math.log1p(faces * ratio) / 2, 0),
  };
}

function evidence(ratios: Float64Array, sum: Float64Array, faces: number): number {
  const { perDirection, constant } = weightsFor(ratios, faces);
  let total = constant;
  for (let k = 0; k < sum.length; k++) total += perDirection[k] * sum[k] ** 2;
  return total;
}
