/**
 * Principal components: the directions in which rows of numbers vary most. The paper compresses features so
 * before Joint Bayesian (Section 4, after DeepID2).
 *
 * Method: exactly, by the eigenvectors of the covariance or, where there are fewer rows than columns, of the
 * rows' inner products; or by randomised subspace iteration (Halko, Martinsson and Tropp, 2011), which never
 * forms a matrix of columns x columns and so serves tens of thousands of columns.
 */
import { InputError } from "../errors/index.ts";
import type { Rng } from "../random/index.ts";
import { fixSigns, symmetricEigen } from "./eigen.ts";
import {
  gram,
  type Matrix,
  type Multiply,
  matrix,
  multiply as multiplyHere,
  multiplyTransposed,
  type Rows,
  transpose,
} from "./matrix.ts";
import { centredRows, eachCentredBlock, meanRow, scatter, scatterBy } from "./moments.ts";
import { orthonormalise } from "./orthonormalise.ts";

/** Rows are described as mean + Σ coordinate·component. */
export interface Pca {
  /** The mean row, [columns]. */
  readonly mean: Float64Array;
  /** Orthonormal directions as rows, [k, columns], the one of most variance first. */
  readonly components: Matrix;
  /** Variance of the rows along each component, [k]. */
  readonly variances: Float64Array;
}

export interface PcaOptions {
  /** Components wanted. Fewer are returned where the rows vary in fewer directions. */
  readonly components: number;
  /** Default: exact where the shorter side of the rows is at most `EXACT_PCA_LIMIT`. */
  readonly method?: "exact" | "randomised";
  /** Needed by the randomised method. */
  readonly rng?: Rng;
  /** A faster matrix product. Default: the one of this folder. */
  readonly multiply?: Multiply;
}

/** Largest side whose eigenvectors are computed exactly by default: about 6 s at 1,024, growing with the cube. */
export const EXACT_PCA_LIMIT = 1024;

/** Variance below this share of the largest is rounding error, not a direction. */
const RANK_TOLERANCE = 1e-10;
/**
 * Directions tried beyond those wanted, and passes over the rows. Even where the spectrum is flat, so that the last
 * directions are arbitrary, the variance kept in all is within a fraction of 1 % of the best.
 */
const EXTRA_DIRECTIONS = 16;
const PASSES = 4;

/** Fits principal components to `rows` [n, columns], n at least 2. */
export async function fitPca(rows: Rows, options: PcaOptions): Promise<Pca> {
  const { components: wanted, multiply } = options;
  const side = Math.min(rows.rows, rows.columns);
  if (!(rows.rows >= 2)) throw new InputError(`fitPca: needs at least 2 rows, got ${rows.rows}`);
  if (!(Number.isInteger(wanted) && wanted >= 1)) {
    throw new InputError(`fitPca: components must be a positive integer, got ${wanted}`);
  }
  const mean = meanRow(rows);
  if (!mean.every(Number.isFinite)) throw new InputError("fitPca: the rows hold values that are not finite");
  const method = options.method ?? (side <= EXACT_PCA_LIMIT ? "exact" : "randomised");
  if (method === "randomised") return truncate(mean, await byIteration(rows, mean, options), wanted);
  if (rows.rows < rows.columns) return truncate(mean, byInnerProducts(rows, mean), wanted);
  const sum = multiply ? await scatterBy(multiply, rows, mean) : scatter(rows, mean);
  const { values, vectors } = symmetricEigen(sum);
  return truncate(mean, { components: vectors, variances: values.map((v) => v / (rows.rows - 1)) }, wanted);
}

/** Coordinates of `rows` [n, columns] along the components: [n, k]. */
export function project({ mean, components }: Pick<Pca, "mean" | "components">, rows: Rows): Matrix {
  if (!(rows.columns === mean.length)) {
    throw new InputError(`project: rows have ${rows.columns} columns, the components ${mean.length}`);
  }
  const result = matrix(rows.rows, components.rows);
  for (let first = 0; first < rows.rows; first += 256) {
    const block = centredRows(rows, mean, first, Math.min(256, rows.rows - first));
    result.values.set(multiplyTransposed(block, components).values, first * components.rows);
  }
  return result;
}

type Directions = Pick<Pca, "components" | "variances">;

/** Keeps the first `wanted` directions, less those that hold only rounding error. */
function truncate(mean: Float64Array, { components, variances }: Directions, wanted: number): Pca {
  const rank = variances.findIndex((variance) => !(variance > RANK_TOLERANCE * variances[0]));
  const kept = Math.min(wanted, rank === -1 ? variances.length : rank);
  if (!(kept >= 1)) throw new InputError("fitPca: the rows do not vary");
  const { columns, values } = components;
  return {
    mean,
    components: matrix(kept, columns, values.slice(0, kept * columns)),
    variances: variances.slice(0, kept),
  };
}

/** For n rows of more than n columns: X·Xᵀ·u = λ·u gives the component Xᵀ·u / √λ. */
function byInnerProducts(rows: Rows, mean: Float64Array): Directions {
  const centred = centredRows(rows, mean, 0, rows.rows);
  const { values, vectors } = symmetricEigen(gram(centred));
  const components = multiplyHere(vectors, centred);
  for (let k = 0; k < rows.rows; k++) {
    const row = components.values.subarray(k * rows.columns, (k + 1) * rows.columns);
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    if (norm > 0) for (let j = 0; j < row.length; j++) row[j] /= norm;
  }
  fixSigns(components);
  return { components, variances: values.map((value) => Math.max(value, 0) / (rows.rows - 1)) };
}

/** Multiplies random directions by the covariance until they lie in its leading space, then diagonalises there. */
async function byIteration(rows: Rows, mean: Float64Array, options: PcaOptions): Promise<Directions> {
  const { components: wanted, rng, multiply = multiplyHere } = options;
  if (!rng) throw new InputError("fitPca: the randomised method needs an rng");
  const tried = Math.min(wanted + EXTRA_DIRECTIONS, rows.rows, rows.columns);
  let directions = matrix(
    tried,
    rows.columns,
    Float64Array.from({ length: tried * rows.columns }, rng.normal),
  );
  for (let pass = 0; pass < PASSES; pass++) {
    directions = orthonormalise(directions);
    const across = transpose(directions); // [columns, tried]
    const sum = matrix(tried, rows.columns);
    await eachCentredBlock(rows, mean, async (block) => {
      const coordinates = await multiply(block, across); // [block, tried]
      const { values } = await multiply(transpose(coordinates), block);
      for (let i = 0; i < values.length; i++) sum.values[i] += values[i];
    });
    directions = sum;
  }
  directions = orthonormalise(directions);
  const across = transpose(directions);
  const coordinates = matrix(rows.rows, directions.rows);
  await eachCentredBlock(rows, mean, async (block, first) => {
    coordinates.values.set((await multiply(block, across)).values, first * directions.rows);
  });
  const { values, vectors } = symmetricEigen(gram(transpose(coordinates)));
  const components = multiplyHere(vectors, directions);
  fixSigns(components);
  return { components, variances: values.map((value) => Math.max(value, 0) / (rows.rows - 1)) };
}
