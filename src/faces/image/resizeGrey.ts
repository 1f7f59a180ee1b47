/** Resampling of grey pictures to finer steps than bytes, for what compares neighbouring pixels. */
import { type Size, type Taps, tapsAlong } from "./resize.ts";

/** Steps of one grey level in what a grey resampler writes. */
export const GREY_STEPS = 256;

/** Resamples one grey picture `from` [height, width] into `to` [size.height, size.width], in 1/256 of a grey level. */
export type GreyResampler = (from: Uint8Array, to: Uint16Array) => void;

/**
 * Prepares the resampling of whole grey pictures with the sides of `picture` to `size`, as `createResampler` does for
 * colour. Fine steps keep the order of neighbours, which a picture enlarged three times would lose in bytes, and still make
 * an even area exactly even, whatever its weights round to.
 */
export function createGreyResampler(picture: Size, size: Size): GreyResampler {
  const columns = tapsAlong(0, picture.width, picture.width, size.width);
  const rows = tapsAlong(0, picture.height, picture.height, size.height);
  const narrow = new Float64Array(picture.height * size.width); // columns done
  return (from, to) => {
    for (let y = 0; y < picture.height; y++) {
      alongRow(from.subarray(y * picture.width), columns, narrow.subarray(y * size.width));
    }
    for (const [y, row] of rows.entries()) downRows(narrow, row, to.subarray(y * size.width), size.width);
  };
}

function alongRow(from: Uint8Array, columns: readonly Taps[], to: Float64Array): void {
  for (let x = 0; x < columns.length; x++) {
    const { first, weights } = columns[x];
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * from[first + i];
    to[x] = sum;
  }
}

function downRows(from: Float64Array, { first, weights }: Taps, to: Uint16Array, width: number): void {
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * from[(first + i) * width + x];
    to[x] = GREY_STEPS * sum + 0.5; // storing drops the fraction: this rounds
  }
}
