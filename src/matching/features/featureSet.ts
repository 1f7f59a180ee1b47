/**
 * Rows of numbers with names and identities: the narrow waist of the program. Before it code knows photos and nets,
 * after it only feature sets, whichever net or descriptor they come from.
 */
import { InputError } from "../../base/errors/index.ts";

/** Features of pictures, one row each. */
export interface FeatureSet {
  /** Row-major [rows, dimension], all finite. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly dimension: number;
  /** What each row was computed from, a picture as a rule; all different. */
  readonly names: readonly string[];
  /** The person of each row; equal strings are one person. */
  readonly identities: readonly string[];
}

/** Where features come from, in words: the net, the pictures, the alignment. */
export type Provenance = Readonly<Record<string, string>>;

/** A feature set of `dimension` columns over `values`, which are not copied. Everything its interface says is checked. */
export function createFeatureSet(
  values: Float32Array,
  dimension: number,
  { names, identities }: Pick<FeatureSet, "names" | "identities">,
): FeatureSet {
  const rows = names.length;
  if (!(Number.isInteger(dimension) && dimension >= 1)) {
    throw new InputError(`createFeatureSet: dimension must be a positive integer, got ${dimension}`);
  }
  if (!(identities.length === rows)) {
    throw new InputError(`createFeatureSet: ${rows} names but ${identities.length} identities`);
  }
  if (!(values.length === rows * dimension)) {
    throw new InputError(
      `createFeatureSet: ${rows} rows of ${dimension} need ${rows * dimension} values, got ${values.length}`,
    );
  }
  const broken = firstNotFinite(values);
  if (broken !== -1) {
    const where = `row ${names[Math.floor(broken / dimension)]}, column ${broken % dimension}`;
    throw new InputError(`createFeatureSet: values must be finite, got ${values[broken]} in ${where}`);
  }
  if (new Set(names).size !== rows) {
    const twice = names.find((name, row) => names.indexOf(name) !== row);
    throw new InputError(`createFeatureSet: names must differ, ${twice} occurs twice`);
  }
  return { values, rows, dimension, names, identities };
}

/** -1 where all are finite. A loop: `findIndex` takes 2.5 s instead of 0.35 for the 340 million numbers that 25 nets give of LFW. */
function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

/** The values of one row (a view). */
export function rowOf({ values, dimension }: FeatureSet, row: number): Float32Array {
  return values.subarray(row * dimension, (row + 1) * dimension);
}

/** The rows of the given numbers, in that order. */
export function selectRows(set: FeatureSet, rows: readonly number[]): FeatureSet {
  const values = new Float32Array(rows.length * set.dimension);
  for (const [to, from] of rows.entries()) {
    if (!(Number.isInteger(from) && from >= 0 && from < set.rows)) {
      throw new InputError(`selectRows: rows run from 0 to ${set.rows - 1}, got ${from}`);
    }
    values.set(rowOf(set, from), to * set.dimension);
  }
  return createFeatureSet(values, set.dimension, {
    names: rows.map((row) => set.names[row]),
    identities: rows.map((row) => set.identities[row]),
  });
}

/** Columns `from` to `from + count` of every row: the features of some of several nets. */
export function selectColumns(set: FeatureSet, from: number, count: number): FeatureSet {
  if (!(from >= 0 && count >= 1 && from + count <= set.dimension)) {
    throw new InputError(
      `selectColumns: columns ${from} to ${from + count} asked for, there are ${set.dimension}`,
    );
  }
  if (count === set.dimension) return set;
  const values = new Float32Array(set.rows * count);
  for (let row = 0; row < set.rows; row++) {
    values.set(rowOf(set, row).subarray(from, from + count), row * count);
  }
  return { ...set, values, dimension: count };
}

/** The rows of the people for whom `keep` is true. */
export function selectPeople(set: FeatureSet, keep: (identity: string) => boolean): FeatureSet {
  return selectRows(
    set,
    [...set.identities.keys()].filter((row) => keep(set.identities[row])),
  );
}

/**
 * Puts sets of the same rows side by side, original and mirrored or several nets: [first | second | ...]. Names and
 * identities must agree row by row.
 */
export function joinBlocks(sets: readonly FeatureSet[]): FeatureSet {
  const [first, ...others] = sets;
  if (!first) throw new InputError("joinBlocks: needs at least one set, got none");
  for (const [i, { rows, names, identities }] of others.entries()) {
    const same = (name: string, row: number) =>
      name === names[row] && first.identities[row] === identities[row];
    if (!(rows === first.rows && first.names.every(same))) {
      throw new InputError(`joinBlocks: set ${i + 1} has other rows than set 0`);
    }
  }
  const dimension = sets.reduce((sum, set) => sum + set.dimension, 0);
  const values = new Float32Array(first.rows * dimension);
  for (let row = 0; row < first.rows; row++) {
    let at = row * dimension;
    for (const set of sets) {
      values.set(rowOf(set, row), at);
      at += set.dimension;
    }
  }
  return createFeatureSet(values, dimension, first);
}

/**
 * Scales every block of `blockSize` consecutive columns of each row to unit length, so that original, mirror and
 * each net weigh the same. A block of zeros stays.
 */
export function normaliseBlocks(set: FeatureSet, blockSize: number): FeatureSet {
  if (!(Number.isInteger(blockSize) && blockSize >= 1 && set.dimension % blockSize === 0)) {
    throw new InputError(`normaliseBlocks: blocks of ${blockSize} do not divide ${set.dimension} columns`);
  }
  const values = set.values.slice();
  toUnitBlocks(values, blockSize);
  return { ...set, values };
}

/** The same in place, of `values` that are whole blocks. */
export function toUnitBlocks(values: Float32Array, blockSize: number): void {
  for (let start = 0; start < values.length; start += blockSize) {
    const end = start + blockSize;
    let square = 0;
    for (let i = start; i < end; i++) square += values[i] * values[i];
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let i = start; i < end; i++) values[i] *= scale;
  }
}
