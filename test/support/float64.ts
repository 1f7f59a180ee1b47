/** Tensors of float64 in plain loops: what tests hold the numbers of the engine against. */
import { expect } from "vitest";
import type { Rng } from "../../src/base/random/index.ts";
import type { Tensor } from "../../src/math/session/index.ts";

export interface Tensor64 {
  readonly shape: readonly number[];
  readonly data: Float64Array; // row-major
}

/** Reads one value of a tensor by its index; sides of 1 are broadcast, and so are missing first axes. */
export type At = (...index: number[]) => number;

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** The tensor of `shape` whose value at each index is `value(index)`; the index is only lent. */
export function tabulate(shape: readonly number[], value: (index: number[]) => number): Tensor64 {
  const data = new Float64Array(sizeOf(shape));
  const index: number[] = shape.map(() => 0);
  for (let at = 0; at < data.length; at++) {
    data[at] = value(index);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return { shape, data };
}

/** A reader of `tensor`. */
export const reader =
  ({ shape, data }: Tensor64): At =>
  (...index) => {
    const own = index.slice(index.length - shape.length);
    return data[shape.reduce((at, side, axis) => at * side + (side === 1 ? 0 : own[axis]), 0)];
  };

/** Σ of `term(i)` for i from 0 to n - 1. */
export function total(n: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += term(i);
  return sum;
}

/** Normal values rounded to float32, so that the engine can be given the very same. */
export const randomTensor = (shape: readonly number[], rng: Rng, deviation = 1): Tensor64 =>
  tabulate(shape, () => Math.fround(deviation * rng.normal()));

/** The same values as the engine takes them. */
export const toFloat32 = ({ shape, data }: Tensor64): Tensor => ({ shape, data: Float32Array.from(data) });

/** The same values in float64. */
export const toFloat64 = ({ shape, data }: Tensor): Tensor64 => ({
  shape,
  data: Float64Array.from(data, Number),
});

/** df/dx at entry `i` of `x` by central differences; `x` is left as it was. */
export function slopeAt(f: () => number, { data }: Tensor64, i: number, step = 1e-5): number {
  const before = data[i];
  data[i] = before + step;
  const above = f();
  data[i] = before - step;
  const below = f();
  data[i] = before;
  return (above - below) / (2 * step);
}

/** df/dx at every entry of `x` by central differences. */
export const numericalGradient = (f: () => number, x: Tensor64, step?: number): Float64Array =>
  x.data.map((_, i) => slopeAt(f, x, i, step));

/** Checks |actual - expected| ≤ absolute + relative · |expected| everywhere; the message names the worst place. */
export function expectClose(
  actual: ArrayLike<number | bigint>,
  expected: ArrayLike<number>,
  { relative = 1e-5, absolute = 1e-6, what = "values" } = {},
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  let [worst, excess] = [-1, 0];
  for (let i = 0; i < expected.length; i++) {
    const over = Math.abs(Number(actual[i]) - expected[i]) - absolute - relative * Math.abs(expected[i]);
    if (!(over <= excess)) [worst, excess] = [i, over];
  }
  if (worst >= 0) {
    expect.fail(
      `${what}: at ${worst} of ${expected.length} got ${actual[worst]}, expected ${expected[worst]}`,
    );
  }
}
