/**
 * One face against people of several faces each, by the exact likelihood ratio of all of a person's faces at once:
 * `LikelihoodRatio.sets` for one face f here and m faces of sum s there. With w and c the weights of m + 1 faces,
 *   L(s + f, m + 1) = Σ w (s + f)² + c = [Σ w s² + c] + Σ (2 w s) f + [Σ w f²],
 * where only the middle mixes person and probe; the last is the same for all people of as many faces.
 */
import { InputError } from "../../base/errors/index.ts";
import type { Matrix } from "../../math/linalg/index.ts";
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
  const weights = new Map<number, Evidence>(); // by the number of faces, the probe counted
  const pulls = new Float64Array(people.length * size); // 2 w s of every person
  const enrolled = people.map((rows, i) => {
    if (!(rows.length >= 1)) throw new InputError(`joint Bayesian: person ${i} needs a face, got none`);
    const sum = new Float64Array(size);
    for (const row of rows) for (let k = 0; k < size; k++) sum[k] += values[row * size + k];
    const together = rows.length + 1;
    const own = weights.get(together) ?? evidenceOf(ratios, together);
    weights.set(together, own);
    for (let k = 0; k < size; k++) pulls[i * size + k] = 2 * own.weights[k] * sum[k];
    return { together, fixed: evidence(own, sum) - evidence(evidenceOf(ratios, rows.length), sum) };
  });
  const alone = evidenceOf(ratios, 1);
  const mixed = new Float64Array(people.length);
  return (probe) => {
    const face = values.subarray(probe * size, (probe + 1) * size);
    multiply(pulls, face, mixed);
    const without = evidence(alone, face);
    const ofProbe = new Map(
      Array.from(weights, ([faces, own]) => [faces, evidence({ ...own, constant: -without }, face)]),
    );
    return mixed.map((product, i) => enrolled[i].fixed + product + ofProbe.get(enrolled[i].together)!);
  };
}

/** L(s, m) = Σ weight s² + constant. */
interface Evidence {
  readonly weights: Float64Array;
  readonly constant: number;
}

/** L of `faces` faces: weight = ½ λ / (1 + mλ), constant = -½ Σ log(1 + mλ). */
const evidenceOf = (ratios: Float64Array, faces: number): Evidence => ({
  weights: ratios.map((ratio) => ratio / (2 * (1 + faces * ratio))),
  constant: ratios.reduce((total, ratio) => total - Math.log1p(faces * ratio) / 2, 0),
});

function evidence({ weights, constant }: Evidence, sum: Float64Array): number {
  let total = constant;
  for (let k = 0; k < sum.length; k++) total += weights[k] * sum[k] ** 2;
  return total;
}

/** The product of each row of `rows` with `x`, into `to`; in four sums, so that no addition waits for the one before. */
function multiply(rows: Float64Array, x: Float64Array, to: Float64Array): void {
  const fours = x.length - (x.length % 4);
  for (let row = 0, at = 0; row < to.length; row++) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let k = 0; k < fours; k += 4, at += 4) {
      a += rows[at] * x[k];
      b += rows[at + 1] * x[k + 1];
      c += rows[at + 2] * x[k + 2];
      d += rows[at + 3] * x[k + 3];
    }
    for (let k = fours; k < x.length; k++) a += rows[at++] * x[k];
    to[row] = a + b + c + d;
  }
}
