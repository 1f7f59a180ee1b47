/** The scores of all pairs of faces of a set, worked out once: identification asks for the same ones many times. */
import { InputError } from "../errors/index.ts";
import type { FeatureSet } from "../features/index.ts";
import type { PairMetric } from "../match/index.ts";

/** Scores of any two different rows, as float32. */
export interface ScoreTable {
  readonly rows: number;
  /** The score of two different rows; the order does not matter. */
  at(first: number, second: number): number;
}

export interface ScoreTableOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Most faces of a table: their scores take 1.8 GB. LFW has 13,233, whose scores take 350 MB. */
export const MOST_ROWS = 30_000;
/** Scores between two looks at the clock of others. */
const AT_ONCE = 2 ** 20;

/** Scores every pair of rows: rows (rows - 1) / 2 scores of 4 bytes. */
export async function scoreTable(
  metric: PairMetric,
  set: FeatureSet,
  { onProgress, signal }: ScoreTableOptions = {},
): Promise<ScoreTable> {
  const { rows } = set;
  if (!(rows >= 2 && rows <= MOST_ROWS)) {
    throw new InputError(`scoreTable: needs 2 to ${MOST_ROWS} faces, got ${rows}`);
  }
  const score = metric.prepare(set);
  const scores = new Float32Array((rows * (rows - 1)) / 2); // row by row below the diagonal
  for (let row = 1, at = 0, pause = AT_ONCE; row < rows; row++) {
    for (let other = 0; other < row; other++, at++) scores[at] = score(row, other);
    if (at < pause) continue;
    pause = at + AT_ONCE;
    onProgress?.(at, scores.length);
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
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
