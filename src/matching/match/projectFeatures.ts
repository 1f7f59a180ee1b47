/**
 * Joint Bayesian's coordinates of many faces at once, by a faster product than plain loops and a block of rows at a
 * time: the unit-length features of 25 nets, or their bits, are never held as a whole.
 */
import { InputError } from "../../base/errors/index.ts";
import { type Matrix, type Multiply, matrix, projectRows, type RowSource } from "../../math/linalg/index.ts";
import { type FeatureSet, toUnitBlocks } from "../features/index.ts";
import { scoreParts } from "./jointBayesian.ts";
import type { Matcher } from "./matcher.ts";
import { oneOfMirrors, sumOfMirrors } from "./mirrors.ts";
import { type PairMetric, productMetric } from "./pairMetric.ts";

/** Columns of a set: the features of some of several nets. */
export interface FeatureColumns {
  readonly set: FeatureSet;
  /** The first of them (default: 0), and how many (default: all the rest). */
  readonly from?: number;
  readonly columns?: number;
  /** Whether only their bits count: 1 where a value is above 0, else 0. */
  readonly bits?: boolean;
}

/** Coordinates [rows, k] under `matcher`, as `matcher.project` gives them, but to float32's precision. */
export async function projectFeatures(
  matcher: Matcher,
  features: FeatureColumns,
  multiply?: Multiply,
): Promise<Matrix> {
  const { mean, directions, blockSize, mirrored } = matcher.model;
  const { set, from = 0, columns = set.dimension - from } = features;
  if (!(from >= 0 && from + columns <= set.dimension && columns === mean.length)) {
    throw new InputError(
      `matcher: it compares ${mean.length} columns, got ${columns} from column ${from} on of ${set.dimension}`,
    );
  }
  const rows = rowsOf(features, columns, blockSize);
  if (mirrored === undefined) return projectRows({ mean, components: directions }, rows, { multiply });
  const half = {
    mean: sumOfMirrors(matrix(1, columns, mean), mirrored).values,
    components: oneOfMirrors(directions, mirrored),
  };
  return projectRows(half, sumsOf(rows, mirrored), { multiply }); // half the product, the same result
}

/** The matcher's score of rows whose `coordinates` [rows, k] are known. */
export const jointBayesianOn = (matcher: Matcher, coordinates: Matrix): PairMetric =>
  productMetric("joint Bayesian", (set) => {
    if (set.rows !== coordinates.rows) {
      throw new InputError(
        `joint Bayesian: ${set.rows} rows need as many coordinates, got ${coordinates.rows}`,
      );
    }
    return scoreParts(matcher.model.ratios, coordinates);
  });

function rowsOf({ set, from = 0, bits = false }: FeatureColumns, columns: number, block: number): RowSource {
  let space = new Float32Array(0); // used again for every block, which is projected before the next is read
  return {
    rows: set.rows,
    columns,
    read(first, count) {
      if (space.length !== count * columns) space = new Float32Array(count * columns);
      for (let row = 0; row < count; row++) {
        const at = (first + row) * set.dimension + from;
        const to = space.subarray(row * columns, (row + 1) * columns);
        to.set(set.values.subarray(at, at + columns));
        if (bits) toBits(to);
        if (block > 0) toUnitBlocks(to, block);
      }
      return space;
    },
  };
}

/** The sums of each face's and its mirror image's blocks of `length` columns. */
const sumsOf = ({ rows, columns, read }: RowSource, length: number): RowSource => ({
  rows,
  columns: columns / 2,
  async read(first, count) {
    return sumOfMirrors({ rows: count, columns, values: await read(first, count) }, length).values;
  },
});

function toBits(row: Float32Array): void {
  for (let i = 0; i < row.length; i++) row[i] = row[i] > 0 ? 1 : 0;
}
