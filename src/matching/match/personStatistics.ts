/** What Joint Bayesian needs to know of its training faces: everything else about them cancels out. */
import { InputError } from "../../base/errors/index.ts";
import {
  cholesky,
  covariance,
  type Matrix,
  matrix,
  meanRow,
  type Rows,
  scatter,
} from "../../math/linalg/index.ts";

/** Sufficient statistics of faces of known people. */
export interface PersonStatistics {
  /** Mean of all faces, [d]. */
  readonly mean: Float64Array;
  readonly faces: number;
  /** Faces of each person. */
  readonly counts: Float64Array;
  /** Each person's mean face less the mean of all, [people, d]. */
  readonly personMeans: Matrix;
  /** Σ (face - its person's mean)(...)ᵀ, [d, d]. */
  readonly within: Matrix;
  /** Covariance of all faces, positive definite, [d, d]. */
  readonly total: Matrix;
}

/** Sums up `rows` [n, d]; equal `identities` are one person. */
export function personStatistics(rows: Rows, identities: readonly string[]): PersonStatistics {
  const { rows: faces, columns, values } = rows;
  if (!(identities.length === faces)) {
    throw new InputError(`joint Bayesian: ${faces} faces but ${identities.length} identities`);
  }
  const numbers = new Map<string, number>();
  const personOf = identities.map((who) => {
    if (!numbers.has(who)) numbers.set(who, numbers.size);
    return numbers.get(who)!;
  });
  if (!(numbers.size >= 2 && faces > numbers.size)) {
    throw new InputError(
      `joint Bayesian: needs at least two people, one of them twice; got ${faces} faces of ${numbers.size}`,
    );
  }
  const mean = meanRow(rows);
  const counts = new Float64Array(numbers.size);
  const personMeans = matrix(numbers.size, columns);
  for (let face = 0; face < faces; face++) {
    const to = personOf[face] * columns;
    counts[personOf[face]]++;
    for (let j = 0; j < columns; j++) personMeans.values[to + j] += values[face * columns + j] - mean[j];
  }
  for (let i = 0; i < personMeans.values.length; i++)
    personMeans.values[i] /= counts[Math.floor(i / columns)];
  const variations = Float64Array.from(
    { length: faces * columns },
    (_, i) =>
      values[i] -
      mean[i % columns] -
      personMeans.values[personOf[Math.floor(i / columns)] * columns + (i % columns)],
  );
  const zero = new Float64Array(columns);
  const within = scatter({ rows: faces, columns, values: variations }, zero);
  return { mean, faces, counts, personMeans, within, total: totalCovariance(rows, mean) };
}

/** The covariance of all faces; a direction in which nothing varies would make what is learned singular. */
function totalCovariance(rows: Rows, mean: Float64Array): Matrix {
  const total = covariance(rows, mean);
  try {
    cholesky(total);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    const [n, d] = [rows.rows, rows.columns];
    throw new InputError(
      `joint Bayesian: ${n} faces do not vary in all of ${d} dimensions; project them to fewer by PCA`,
      { cause },
    );
  }
  return total;
}
