/** Coordinates of rows along principal components: what a fitted model needs, without what fits it. */
import { InputError } from "../../base/errors/index.ts";
import { inFloat32, TRANSPOSED } from "./centredProducts.ts";
import { type Matrix, matrix, multiplyHere, multiplyTransposed, type Rows } from "./matrix.ts";
import { centredRows } from "./moments.ts";
import type { Pca, PcaOptions } from "./pca.ts";
import { BLOCK_NUMBERS, eachCentredBlock, type RowSource, sourceOf } from "./rowSource.ts";

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

/** `project` of rows in blocks, by a faster product. */
export async function projectRows(
  { mean, components }: Pick<Pca, "mean" | "components">,
  rows: Rows | RowSource,
  {
    multiply = multiplyHere,
    blockNumbers = BLOCK_NUMBERS,
  }: Pick<PcaOptions, "multiply" | "blockNumbers"> = {},
): Promise<Matrix> {
  if (!(rows.columns === mean.length)) {
    throw new InputError(`project: rows have ${rows.columns} columns, the components ${mean.length}`);
  }
  const result = matrix(rows.rows, components.rows);
  const narrow = multiply === multiplyHere ? components : inFloat32(components);
  await eachCentredBlock(sourceOf(rows), mean, blockNumbers, async (block, first) => {
    result.values.set((await multiply(block, narrow, TRANSPOSED)).values, first * components.rows);
  });
  return result;
}
