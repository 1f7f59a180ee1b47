/** Products with rows less their mean, which are read block by block and never held whole. */
import { type Matrix, type Multiply, matrix, multiplyHere, type Rows } from "./matrix.ts";
import { BLOCK_NUMBERS, eachCentredBlock, type RowSource } from "./rowSource.ts";

/** The rows X - mean, [n, columns], read block by block. */
export interface Centred {
  readonly rows: number;
  readonly columns: number;
  readonly multiply: Multiply;
  eachBlock(visit: (block: Rows, first: number) => Promise<void>): Promise<void>;
}

interface CentredOptions {
  readonly multiply?: Multiply;
  readonly blockNumbers?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** How often all rows are read, for the progress. */
  readonly passes: number;
}

export function createCentred(source: RowSource, mean: Float64Array, options: CentredOptions): Centred {
  const { passes, multiply = multiplyHere, blockNumbers = BLOCK_NUMBERS, onProgress, signal } = options;
  const { rows, columns } = source;
  let done = 0;
  return {
    rows,
    columns,
    multiply,
    eachBlock: (visit) =>
      eachCentredBlock(source, mean, blockNumbers, async (block, first) => {
        signal?.throwIfAborted();
        await visit(block, first);
        done += block.rows;
        onProgress?.(done, passes * rows);
      }),
  };
}

export const TRANSPOSED = { transposed: true } as const;

/** directions·Xᵀ: [k, columns] gives [k, n]. */
export async function coordinatesAlong(
  { rows, multiply, eachBlock }: Centred,
  directions: Matrix,
): Promise<Matrix> {
  const k = directions.rows;
  const result = matrix(k, rows);
  const narrow = multiply === multiplyHere ? directions : inFloat32(directions);
  await eachBlock(async (block, first) => {
    const { values } = await multiply(narrow, block, TRANSPOSED); // [k, block.rows]
    for (let i = 0; i < k; i++) {
      result.values.set(values.subarray(i * block.rows, (i + 1) * block.rows), i * rows + first);
    }
  });
  return result;
}

/** weights·X: [k, n] gives [k, columns]. */
export async function combine(
  { rows, columns, multiply, eachBlock }: Centred,
  weights: Matrix,
): Promise<Matrix> {
  const k = weights.rows;
  const sum = matrix(k, columns);
  await eachBlock(async (block, first) => {
    const some = matrix(k, block.rows);
    for (let i = 0; i < k; i++) {
      const at = i * rows + first;
      some.values.set(weights.values.subarray(at, at + block.rows), i * block.rows);
    }
    const { values } = await multiply(some, block);
    for (let i = 0; i < values.length; i++) sum.values[i] += values[i];
  });
  return sum;
}

/** Converted once where the product would convert it for every block. */
export const inFloat32 = ({ rows, columns, values }: Matrix): Rows => ({
  rows,
  columns,
  values: new Float32Array(values),
});
