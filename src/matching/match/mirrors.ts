/**
 * Matchers that let a face and its mirror image count alike. Features hold both, block after block; directions that weigh
 * the two the same look at their sum alone: half the numbers to learn and to keep.
 */
import { InputError } from "../../base/errors/index.ts";
import { type Matrix, matrix, type Rows } from "../../math/linalg/index.ts";

/** Rows [n, columns] of blocks of `length` columns, each of a face and then of its mirror image: the sums of the two, [n, columns / 2]. */
export function sumOfMirrors<R extends Rows>({ rows, columns, values }: R, length: number) {
  checkLength(columns, length);
  const sums = values.slice(0, values.length / 2) as R["values"];
  for (let to = 0, at = 0; to < sums.length; at += length) {
    for (const end = to + length; to < end; to++, at++) sums[to] = values[at] + values[at + length];
  }
  return { rows, columns: columns / 2, values: sums };
}

/** Each block of `length` columns twice, [n, columns] to [n, 2·columns]: a product with it is one with the sums. */
export function forBothMirrors({ rows, columns, values }: Matrix, length: number): Matrix {
  const result = new Float64Array(2 * values.length);
  for (let at = 0; at < values.length; at += length) {
    const block = values.subarray(at, at + length);
    result.set(block, 2 * at);
    result.set(block, 2 * at + length);
  }
  return matrix(rows, 2 * columns, result);
}

/** The first of each two blocks, [n, columns] to [n, columns / 2]: undoes `forBothMirrors`. */
export function oneOfMirrors({ rows, columns, values }: Matrix, length: number): Matrix {
  checkLength(columns, length);
  const result = new Float64Array(values.length / 2);
  for (let to = 0; to < result.length; to += length) {
    result.set(values.subarray(2 * to, 2 * to + length), to);
  }
  return matrix(rows, columns / 2, result);
}

function checkLength(columns: number, length: number): void {
  if (Number.isInteger(length) && length >= 1 && columns % (2 * length) === 0) return;
  throw new InputError(`matcher: ${columns} columns are not pairs of blocks of ${length}`);
}
