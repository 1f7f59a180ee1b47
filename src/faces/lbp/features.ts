/** From aligned faces to a FeatureSet by LBP: raw, some of its numbers, or principal components of it. */
import { InputError } from "../../base/errors/index.ts";
import { createFeatureSet, type FeatureSet } from "../../matching/features/index.ts";
import { type Multiply, type Pca, projectRows, type Rows } from "../../math/linalg/index.ts";
import type { FaceReader } from "../face/index.ts";
import { eachLbpChunk, type LbpOptions, rootsOf } from "./counts.ts";
import { CELL_SIDE, LBP_LENGTH } from "./descriptor.ts";
import { BINS } from "./patterns.ts";

/** Makes rows of `columns` numbers of descriptors [n, 99120], square roots of counts. */
export interface LbpReduction {
  readonly columns: number;
  reduce(rows: Rows): Rows | Promise<Rows>;
}

/** Coordinates along principal components fitted to descriptors (see `countLbp` and `fitPca`). */
export function principalComponents(pca: Pca, multiply?: Multiply): LbpReduction {
  if (!(pca.mean.length === LBP_LENGTH)) {
    throw new InputError(`lbp: needs components of ${LBP_LENGTH} numbers, got ${pca.mean.length}`);
  }
  return { columns: pca.components.rows, reduce: (rows) => projectRows(pca, rows, { multiply }) };
}

/** The share of their variance that components keep of the descriptors they were fitted to. */
export function varianceShare({ mean, variances }: Pca): number {
  // A descriptor's squared length is the number of pixels counted, so the mean row tells how much descriptors vary.
  const squaredLength = (LBP_LENGTH / BINS) * CELL_SIDE ** 2;
  const variance = squaredLength - mean.reduce((sum, value) => sum + value * value, 0);
  return variances.reduce((sum, value) => sum + value, 0) / variance;
}

/** The numbers of the given columns of the descriptor, in that order. */
export function selectedBins(columns: ArrayLike<number>): LbpReduction {
  const wanted = Int32Array.from(columns);
  if (!wanted.every((column, i) => column >= 0 && column < LBP_LENGTH && column === columns[i])) {
    throw new InputError(`lbp: columns must be whole numbers from 0 to ${LBP_LENGTH - 1}`);
  }
  return {
    columns: wanted.length,
    reduce({ rows, values }) {
      const picked = new Float32Array(rows * wanted.length);
      for (let row = 0, to = 0; row < rows; row++) {
        for (const column of wanted) picked[to++] = values[row * LBP_LENGTH + column];
      }
      return { rows, columns: wanted.length, values: picked };
    },
  };
}

export interface LbpFeatureOptions extends LbpOptions {
  /** Default: none, all 99,120 numbers. */
  readonly reduction?: LbpReduction;
}

/** Features of so many bytes at most are made: more would not be read again either. */
const MOST_BYTES = 2 ** 31;

/** The LBP features of every face: one row each, of the original alone (the descriptor of a mirror image holds the same numbers elsewhere). */
export async function extractLbp(
  faces: FaceReader,
  { reduction, ...options }: LbpFeatureOptions = {},
): Promise<FeatureSet> {
  const columns = reduction?.columns ?? LBP_LENGTH;
  if (!(faces.count * columns * 4 <= MOST_BYTES)) {
    throw new InputError(
      `lbp: ${faces.count} faces of ${columns} numbers need more than 2 GiB; reduce them, by principal components say`,
    );
  }
  const values = new Float32Array(faces.count * columns);
  for await (const { first, count, chunk } of eachLbpChunk(faces, options)) {
    const rows = { rows: count, columns: LBP_LENGTH, values: rootsOf(chunk) };
    values.set((await (reduction?.reduce(rows) ?? rows)).values, first * columns);
  }
  return createFeatureSet(values, columns, faces);
}
