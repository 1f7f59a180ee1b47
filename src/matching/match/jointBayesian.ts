/**
 * Joint Bayesian verification: a face is its person plus a variation, x = μ + ε, both Gaussian. Two sets of faces
 * are compared by how much likelier they are with one person μ than with two.
 * Paper: Chen, Cao, Wang, Wen and Sun, "Bayesian Face Revisited", ECCV 2012; used on features in Section 4.
 *
 * Here S_μ and S_ε are diagonalised together: coordinates z = V·(x - mean) have within-person variance 1 and
 * between-people variance λ along each direction, so that a comparison costs k, not k², operations and is exact.
 * With s the sum of a set's m coordinates, up to what does not depend on who is who,
 *   L(s, m) = ½ Σₖ [ λ s² / (1 + mλ) - log(1 + mλ) ]   and
 *   score(A, B) = L(s_A + s_B, m_A + m_B) - L(s_A, m_A) - L(s_B, m_B).
 */
import { InputError } from "../../base/errors/index.ts";
import { type Matrix, project, type Rows } from "../../math/linalg/index.ts";
import type { ScoreParts } from "./pairMetric.ts";

/** A fitted model of `dimension` columns and k directions. */
export interface JointBayesian {
  /** [dimension] */
  readonly mean: Float64Array;
  /** V [k, dimension]: rows are directions, the most telling first. */
  readonly directions: Matrix;
  /** λ [k]: variance between people over variance within a person, along each direction; at least 0. */
  readonly ratios: Float64Array;
}

/** The coordinates [n, k] of `rows` [n, dimension], which are what is compared. */
export function coordinates({ mean, directions }: JointBayesian, rows: Rows): Matrix {
  return project({ mean, components: directions }, rows);
}

export interface LikelihoodRatio {
  /** log p(a, b | one person) - log p(a, b | two people), in nats, for coordinates a and b [k]. */
  pair(a: Float64Array, b: Float64Array): number;
  /**
   * The same for two sets of faces, each of one person. It takes the faces of a set as independent given the
   * person; for the frames of a video, which are not, the score is too sure of itself.
   */
  sets(a: readonly Float64Array[], b: readonly Float64Array[]): number;
  /**
   * What `compare` takes of a set: worth keeping where a set is compared with many. Of m faces that say the same to the share
   * `correlation`, 0 (the default: independent, as in `sets`) to 1 (no more than one face), as many count as
   * m / (1 + (m - 1) correlation) independent ones. InputError for an empty set.
   */
  summary(faces: readonly Float64Array[], correlation?: number): SetSummary;
  /** `sets(a, b)` of their summaries. */
  compare(a: SetSummary, b: SetSummary): number;
}

/** All that is compared of a set of faces. */
export interface SetSummary {
  /** s, the sum of the coordinates [k]: m times their mean. */
  readonly sum: Float64Array;
  /** m, how many independent faces. */
  readonly count: number;
  /** L(s, m) */
  readonly evidence: number;
}

/** Comparison of coordinates under `ratios` λ [k]. */
export function likelihoodRatio(ratios: Float64Array): LikelihoodRatio {
  const size = ratios.length;
  const weightOfOne = ratios.map((ratio) => ratio / (1 + ratio));
  const weightOfTwo = ratios.map((ratio) => ratio / (1 + 2 * ratio));
  const offset = offsetOf(ratios);
  const check = (a: Float64Array) => {
    if (!(a.length === size))
      throw new InputError(`joint Bayesian: needs ${size} coordinates, got ${a.length}`);
  };
  const evidence = evidenceUnder(ratios);
  const summary = (faces: readonly Float64Array[], correlation = 0): SetSummary => {
    if (!(faces.length >= 1)) throw new InputError("joint Bayesian: a set must not be empty, got no faces");
    if (!(correlation >= 0 && correlation <= 1)) {
      throw new InputError(`joint Bayesian: correlation must be in [0, 1], got ${correlation}`);
    }
    for (const face of faces) check(face);
    const counted = 1 + (faces.length - 1) * correlation;
    const [sum, count] = [faces.length === 1 ? faces[0] : sumOf(faces), faces.length / counted];
    if (counted !== 1) for (let k = 0; k < size; k++) sum[k] /= counted;
    return { sum, count, evidence: evidence(count, sum) };
  };
  const compare = (a: SetSummary, b: SetSummary) =>
    evidence(a.count + b.count, a.sum, b.sum) - a.evidence - b.evidence;
  return {
    pair(a, b) {
      check(a);
      check(b);
      let sum = 0;
      for (let k = 0; k < size; k++) {
        sum += weightOfTwo[k] * (a[k] + b[k]) ** 2 - weightOfOne[k] * (a[k] * a[k] + b[k] * b[k]);
      }
      return sum / 2 + offset;
    },
    sets: (a, b) => compare(summary(a), summary(b)),
    summary,
    compare,
  };
}

/** The pair score of rows of coordinates [rows, k] under `ratios` λ [k], multiplied out. */
export function scoreParts(ratios: Float64Array, { rows, columns, values }: Matrix): ScoreParts {
  if (!(columns === ratios.length)) {
    throw new InputError(`joint Bayesian: needs ${ratios.length} coordinates, got ${columns}`);
  }
  const vectors = new Float64Array(rows * columns);
  const self = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++, at++) {
      const [one, two] = [ratios[k] / (1 + ratios[k]), ratios[k] / (1 + 2 * ratios[k])];
      vectors[at] = Math.sqrt(two) * values[at];
      self[row] += ((two - one) / 2) * values[at] ** 2;
    }
  }
  return { vectors, size: columns, self, offset: offsetOf(ratios) };
}

const offsetOf = (ratios: Float64Array) =>
  ratios.reduce((sum, ratio) => sum + Math.log1p(ratio) - Math.log1p(2 * ratio) / 2, 0);

/** L(s, m) of the header, of one sum or of two added up. What depends on the number of faces alone is computed once. */
function evidenceUnder(ratios: Float64Array) {
  const size = ratios.length;
  const known = new Map<number, { weights: Float64Array; logs: number }>();
  const ofCount = (count: number) => {
    const weights = ratios.map((ratio) => ratio / (1 + count * ratio));
    const logs = ratios.reduce((sum, ratio) => sum + Math.log1p(count * ratio), 0);
    known.set(count, { weights, logs });
    return { weights, logs };
  };
  return (count: number, sum: Float64Array, other?: Float64Array): number => {
    const { weights, logs } = known.get(count) ?? ofCount(count);
    let total = 0;
    if (other) for (let k = 0; k < size; k++) total += weights[k] * (sum[k] + other[k]) ** 2;
    else for (let k = 0; k < size; k++) total += weights[k] * sum[k] ** 2;
    return (total - logs) / 2;
  };
}

function sumOf(faces: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(faces[0].length);
  for (const face of faces) for (let k = 0; k < sum.length; k++) sum[k] += face[k];
  return sum;
}
