/** Rows that need not lie in memory as floats, and blocks of them. */
import { InputError } from "../../base/errors/index.ts";
import type { Rows } from "./matrix.ts";

/** Rows [rows, columns] that are read or made when they are needed, some at a time, and several times over. */
export interface RowSource {
  readonly rows: number;
  readonly columns: number;
  /** Rows `first` to `first + count - 1`, [count, columns], in memory that the caller may overwrite. */
  read(first: number, count: number): Rows["values"] | Promise<Rows["values"]>;
}

/** Numbers in a block: 128 MB in float32, so that adding up a product costs little beside computing it. */
export const BLOCK_NUMBERS: number = 2 ** 25;

/** `rows` as a source. */
export function sourceOf(rows: Rows | RowSource): RowSource {
  if ("read" in rows) return rows;
  const { columns, values } = rows;
  return { ...rows, read: (first, count) => values.slice(first * columns, (first + count) * columns) };
}

/** All rows of a source. */
export async function gather(source: RowSource): Promise<Rows> {
  return { rows: source.rows, columns: source.columns, values: await source.read(0, source.rows) };
}

type Visit = (block: Rows, first: number) => void | Promise<void>;

/** Calls `visit` with consecutive blocks of rows of at most `blockNumbers` numbers, or one row. */
export async function eachBlock(source: RowSource, blockNumbers: number, visit: Visit): Promise<void> {
  const { rows, columns } = source;
  const most = Math.max(1, Math.floor(blockNumbers / columns));
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    const values = await source.read(first, count);
    if (!(values.length === count * columns)) {
      throw new InputError(
        `rows ${first} to ${first + count - 1}: needs ${count * columns} numbers, got ${values.length}`,
      );
    }
    await visit({ rows: count, columns, values }, first);
  }
}

/** The same of rows minus `mean`, in the precision that they are read in. */
export const eachCentredBlock = (
  source: RowSource,
  mean: Float64Array,
  blockNumbers: number,
  visit: Visit,
): Promise<void> =>
  eachBlock(source, blockNumbers, (block, first) => {
    const { columns, values } = block;
    for (let at = 0; at < values.length; ) for (let j = 0; j < columns; j++) values[at++] -= mean[j];
    return visit(block, first);
  });

/** The mean row. */
export async function meanOfSource(source: RowSource, blockNumbers: number): Promise<Float64Array> {
  const mean = new Float64Array(source.columns);
  await eachBlock(source, blockNumbers, ({ columns, values }) => {
    for (let at = 0; at < values.length; ) for (let j = 0; j < columns; j++) mean[j] += values[at++];
  });
  return mean.map((sum) => sum / source.rows);
}
