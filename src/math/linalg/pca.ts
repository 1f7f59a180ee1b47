/**
 * Principal components: the directions in which rows of numbers vary most. The paper compresses features so
 * before Joint Bayesian (Section 4, after DeepID2).
 *
 * Method: exactly, by the eigenvectors of the covariance or, where there are fewer rows than columns, of the
 * rows' inner products; or by randomised subspace iteration (Halko, Martinsson and Tropp, SIAM Review 2011), which
 * never forms a matrix of either side squared, reads the rows in blocks, and so serves tens of thousands of columns.
 */
import { InputError } from "../../base/errors/index.ts";
import type { Rng } from "../../base/random/index.ts";
import { combine, coordinatesAlong, createCentred } from "./centredProducts.ts";
import { fixSigns, symmetricEigen } from "./eigen.ts";
import { gram, type Matrix, type Multiply, matrix, multiply as product, type Rows } from "./matrix.ts";
import { centredRows, scatter, scatterBy } from "./moments.ts";
import { orthonormalise } from "./orthonormalise.ts";
import { BLOCK_NUMBERS, gather, meanOfSource, type RowSource, sourceOf } from "./rowSource.ts";

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
  /** Numbers of the rows looked at together (default: 2²⁵, 128 MB in float32). */
  readonly blockNumbers?: number;
  /** Told, by the randomised method, how many rows it has been over, of all that it will go over. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Largest side whose eigenvectors are computed exactly by default: about 6 s at 1,024, growing with the cube. */
export const EXACT_PCA_LIMIT = 1024;

/** Variance below this share of the largest is rounding error, not a direction. */
const RANK_TOLERANCE = 1e-10;
/**
 * Directions tried beyond those wanted, and passes over the rows. Even on pure noise, where the last directions are arbitrary,
 * the variance kept in all is within 2 % of the best; where the rows have structure, within a fraction of 1 %.
 */
const EXTRA_DIRECTIONS = 16;
const PASSES = 4;

/**
 * Fits principal components to `rows` [n, columns], n at least 2. The randomised method reads a source in blocks and
 * holds [components, columns] numbers besides; the exact one reads it whole.
 */
export async function fitPca(rows: Rows | RowSource, options: PcaOptions): Promise<Pca> {
  const { components: wanted, multiply, blockNumbers = BLOCK_NUMBERS } = options;
  const [n, columns] = [rows.rows, rows.columns];
  if (!(n >= 2)) throw new InputError(`fitPca: needs at least 2 rows, got ${n}`);
  if (!(Number.isInteger(wanted) && wanted >= 1)) {
    throw new InputError(`fitPca: components must be a positive integer, got ${wanted}`);
  }
  const source = sourceOf(rows);
  const mean = await meanOfSource(source, blockNumbers);
  if (!mean.every(Number.isFinite)) throw new InputError("fitPca: the rows hold values that are not finite");
  const method = options.method ?? (Math.min(n, columns) <= EXACT_PCA_LIMIT ? "exact" : "randomised");
  if (method === "randomised") return truncate(mean, await byIteration(source, mean, options), wanted);
  const whole = "values" in rows ? rows : await gather(rows);
  if (n < columns) return truncate(mean, byInnerProducts(whole, mean), wanted);
  const sum = multiply ? await scatterBy(multiply, whole, mean) : scatter(whole, mean);
  const { values, vectors } = symmetricEigen(sum);
  return truncate(mean, { components: vectors, variances: values.map((v) => v / (n - 1)) }, wanted);
}

type Directions = Pick<Pca, "components" | "variances">;

/** The first `wanted` components, or all if there are fewer. */
export const firstComponents = (pca: Pca, wanted: number): Pca => truncate(pca.mean, pca, wanted);

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
  const components = product(vectors, centred);
  normaliseRows(components);
  fixSigns(components);
  return { components, variances: values.map((value) => Math.max(value, 0) / (rows.rows - 1)) };
}

/**
 * Multiplies random vectors by the covariance until they lie in its leading space, then diagonalises there.
 *
 * Along the shorter side: with fewer rows than columns the vectors are coordinates of the rows, [tried, n], and only
 * become directions at the end. Either way they are orthonormal before each pass, which is the cheaper the shorter they
 * are: beside rows of 99,120 numbers it would cost more than the products.
 */
async function byIteration(source: RowSource, mean: Float64Array, options: PcaOptions): Promise<Directions> {
  const { components: wanted, rng } = options;
  if (!rng) throw new InputError("fitPca: the randomised method needs an rng");
  const { rows: n, columns } = source;
  const side = Math.min(n, columns);
  const tried = Math.min(wanted + EXTRA_DIRECTIONS, side);
  const centred = createCentred(source, mean, { ...options, passes: 2 * PASSES + 1 });
  let vectors = matrix(tried, side, Float64Array.from({ length: tried * side }, rng.normal));
  for (let pass = 0; pass < PASSES; pass++) {
    const unit = orthonormalise(vectors);
    vectors =
      n < columns
        ? await coordinatesAlong(centred, await combine(centred, unit))
        : await combine(centred, await coordinatesAlong(centred, unit));
  }
  const unit = orthonormalise(vectors);
  const other = n < columns ? await combine(centred, unit) : await coordinatesAlong(centred, unit);
  const { values, vectors: turn } = symmetricEigen(gram(other)); // of Xᵀ·X or X·Xᵀ within the space
  const components = product(turn, n < columns ? other : unit);
  normaliseRows(components);
  fixSigns(components);
  return { components, variances: values.map((value) => Math.max(value, 0) / (n - 1)) };
}

/** Scales each row to unit length; a row of zeros stays. */
function normaliseRows({ rows, columns, values }: Matrix): void {
  for (let k = 0; k < rows; k++) {
    const row = values.subarray(k * columns, (k + 1) * columns);
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    if (norm > 0) for (let j = 0; j < columns; j++) row[j] /= norm;
  }
}
