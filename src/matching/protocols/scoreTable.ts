/** The scores of all pairs of faces of a set, worked out once: identification asks for the same ones many times. */
import { InputError } from "../../base/errors/index.ts";
import type { Multiply } from "../../math/linalg/index.ts";
import type { FeatureSet } from "../features/index.ts";
import type { PairMetric, ScoreParts } from "../match/index.ts";

/** Scores of any two different rows, as float32. */
export interface ScoreTable {
  readonly rows: number;
  /** The score of two different rows; the order does not matter. */
  at(first: number, second: number): number;
}

export interface ScoreTableOptions {
  /** A fast matrix product, for metrics that are one: the scores then have its precision. */
  readonly multiply?: Multiply;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Most faces of a table: their scores take 1.8 GB. LFW has 13,233, whose scores take 350 MB. */
export const MOST_ROWS = 30_000;
/** Rows and columns worked out between two looks at the clock of others. */
const TILE = 1024;

/** Scores every pair of rows: rows (rows - 1) / 2 scores of 4 bytes. */
export async function scoreTable(
  metric: PairMetric,
  set: FeatureSet,
  { multiply, onProgress, signal }: ScoreTableOptions = {},
): Promise<ScoreTable> {
  const { rows } = set;
  if (!(rows >= 2 && rows <= MOST_ROWS)) {
    throw new InputError(`scoreTable: needs 2 to ${MOST_ROWS} faces, got ${rows}`);
  }
  const tile =
    multiply && metric.parts ? byProducts(metric.parts(set), multiply) : onePair(metric.prepare(set));
  const scores = new Float32Array((rows * (rows - 1)) / 2); // row by row below the diagonal
  let done = 0;
  for (let first = 0; first < rows; first += TILE) {
    const below = Math.min(first + TILE, rows);
    for (let left = 0; left < below; left += TILE) {
      const score = await tile([first, below], [left, Math.min(left + TILE, below)]);
      for (let row = first; row < below; row++) {
        const end = Math.min(left + TILE, row);
        for (let other = left; other < end; other++)
          scores[(row * (row - 1)) / 2 + other] = score(row, other);
        done += Math.max(0, end - left);
      }
      onProgress?.(done, scores.length);
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
    }
  }
  if (!scores.every(Number.isFinite)) {
    throw new InputError(
      `scoreTable: ${metric.name} scores must be finite, got ${scores.find((x) => !Number.isFinite(x))}`,
    );
  }
  return {
    rows,
    at(first, second) {
      if (first === second) throw new InputError(`scoreTable: row ${first} is not compared with itself`);
      return first > second
        ? scores[(first * (first - 1)) / 2 + second]
        : scores[(second * (second - 1)) / 2 + first];
    },
  };
}

type Range = readonly [from: number, below: number];
/** Prepares the scores of `rows` with `others`: those of a tile of the table. */
type Tile = (
  rows: Range,
  others: Range,
) => ((row: number, other: number) => number) | Promise<(row: number, other: number) => number>;

const onePair =
  (score: (row: number, other: number) => number): Tile =>
  () =>
    score;

function byProducts({ vectors, size, self, offset }: ScoreParts, multiply: Multiply): Tile {
  const rowsOf = ([from, below]: Range) => ({
    rows: below - from,
    columns: size,
    values: vectors.subarray(from * size, below * size),
  });
  return async (rows, others) => {
    const { values, columns } = await multiply(rowsOf(rows), rowsOf(others), { transposed: true });
    return (row, other) =>
      values[(row - rows[0]) * columns + other - others[0]] + self[row] + self[other] + offset;
  };
}
