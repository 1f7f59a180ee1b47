/**
 * Resampling an upright box of a picture: the average of what each output pixel covers when the box shrinks,
 * bilinear when it grows. The two agree at scale 1, where both are linear in a fractional shift.
 *
 * Sides are independent, so each is a small table of weights; a resampler keeps its tables for many pictures
 * of one size (a whole data set of aligned faces is cropped through one).
 */
import { InputError } from "../../base/errors/index.ts";
import { createImage, type Image } from "./image.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An upright rectangle in continuous pixels; it may reach beyond the picture, whose edge pixels then go on. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Resamples one RGB picture `from` [height, width, 3] into `to` [size.height, size.width, 3]. */
export type Resampler = (from: Uint8Array, to: Uint8Array) => void;

/** Resamples `box` of `image` to `size`. */
export function resizeRegion(image: Image, box: Box, size: Size): Image {
  const pixels = new Uint8Array(size.width * size.height * 3);
  if (isCut(image, box, size)) copyBox(image, box, pixels);
  else createResampler(image, box, size)(image.pixels, pixels);
  return createImage(size.width, size.height, pixels);
}

/** Whether what is drawn are pixels of the picture as they are. */
const isCut = (image: Size, { x, y, width, height }: Box, size: Size): boolean =>
  width === size.width &&
  height === size.height &&
  Number.isInteger(x) &&
  Number.isInteger(y) &&
  Math.min(x, y) >= 0 &&
  x + width <= image.width &&
  y + height <= image.height;

function copyBox({ width: columns, pixels }: Image, { x, y, width, height }: Box, to: Uint8Array): void {
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * columns + x) * 3;
    to.set(pixels.subarray(from, from + width * 3), row * width * 3);
  }
}

/** Prepares the resampling of `box` to `size` for pictures whose sides are those of `picture`. */
export function createResampler(picture: Size, box: Box, size: Size): Resampler {
  if (
    !(Number.isInteger(size.width) && Number.isInteger(size.height) && size.width >= 1 && size.height >= 1)
  ) {
    throw new InputError(
      `resizeRegion: the output needs whole sides of at least 1 pixel, got ${size.width} x ${size.height}`,
    );
  }
  const columns = flat(tapsAlong(box.x, box.width, picture.width, size.width));
  const rows = tapsAlong(box.y, box.height, picture.height, size.height);
  const firstRow = Math.min(...rows.map((row) => row.first));
  const endRow = Math.max(...rows.map((row) => row.first + row.weights.length));
  const stride = size.width * 3;
  const narrow = new Float32Array((endRow - firstRow) * stride); // rows of the picture, columns done
  const below = rows.map(({ first, weights }) => ({ at: (first - firstRow) * stride, weights }));
  return (from, to) => {
    // Rows are told by where they begin: to make a view of each takes as long as the row does.
    for (let y = firstRow; y < endRow; y++) {
      alongRow(from, columns, narrow, { from: y * picture.width * 3, to: (y - firstRow) * stride });
    }
    for (let y = 0; y < size.height; y++) downRows(narrow, below[y], to, { at: y * stride, stride });
  };
}

/** The input positions first, first + 1, ... that make one output pixel, and their weights, which sum to 1. */
export interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/** The taps of each of `outputs` pixels along one side: `length` from `start` of a side of `inputs` pixels. */
export function tapsAlong(start: number, length: number, inputs: number, outputs: number): Taps[] {
  if (!(length > 0 && Number.isFinite(start) && Number.isFinite(length))) {
    throw new InputError(`resizeRegion: a box needs sides above 0, got ${length} from ${start}`);
  }
  const step = length / outputs; // input pixels per output pixel
  return Array.from({ length: outputs }, (_, i) => {
    const spread = Math.max(step, 1); // below 1 a unit box around the centre is linear interpolation
    const centre = start + (i + 0.5) * step;
    return coverage(centre - spread / 2, centre + spread / 2, inputs);
  });
}

/** Shares of [from, to) that each input pixel covers; what lies outside counts for the pixel at the edge. */
function coverage(from: number, to: number, inputs: number): Taps {
  const inside = (position: number) => Math.min(Math.max(position, 0), inputs - 1);
  const first = inside(Math.floor(from));
  const last = inside(Math.ceil(to) - 1);
  const weights = new Float64Array(last - first + 1);
  for (let i = 0; i < weights.length; i++) {
    const left = first + i === 0 ? -Infinity : first + i;
    const right = first + i === inputs - 1 ? Infinity : first + i + 1;
    weights[i] = Math.max(0, Math.min(to, right) - Math.max(from, left)) / (to - from);
  }
  return { first, weights };
}

/** Taps one after another, so that the loop over a row's pixels reads three arrays of numbers. */
interface FlatTaps {
  readonly firsts: Int32Array;
  /** Where each pixel's weights end; the next one's begin there. */
  readonly ends: Int32Array;
  readonly weights: Float64Array;
}

function flat(taps: readonly Taps[]): FlatTaps {
  const firsts = Int32Array.from(taps, ({ first }) => first);
  const ends = new Int32Array(taps.length);
  let end = 0;
  for (const [i, { weights }] of taps.entries()) {
    end += weights.length;
    ends[i] = end;
  }
  const weights = new Float64Array(end);
  for (const [i, one] of taps.entries()) weights.set(one.weights, ends[i] - one.weights.length);
  return { firsts, ends, weights };
}

function alongRow(
  from: Uint8Array,
  { firsts, ends, weights }: FlatTaps,
  to: Float32Array,
  row: { readonly from: number; readonly to: number },
): void {
  for (let x = 0, i = 0, out = row.to; x < firsts.length; x++, out += 3) {
    let at = row.from + firsts[x] * 3;
    let red = weights[i] * from[at];
    let green = weights[i] * from[at + 1];
    let blue = weights[i] * from[at + 2];
    for (i++, at += 3; i < ends[x]; i++, at += 3) {
      red += weights[i] * from[at];
      green += weights[i] * from[at + 1];
      blue += weights[i] * from[at + 2];
    }
    to[out] = red;
    to[out + 1] = green;
    to[out + 2] = blue;
  }
}

/** One row of the output from as many rows of `from` as there are weights; storing in bytes drops the fraction: + 0.5 rounds. */
function downRows(
  from: Float32Array,
  { at, weights }: { readonly at: number; readonly weights: Float64Array },
  to: Uint8Array,
  row: { readonly at: number; readonly stride: number },
): void {
  const { stride } = row;
  const [first, second] = weights;
  const end = at + stride;
  if (weights.length === 1) {
    for (let i = at, out = row.at; i < end; i++, out++) to[out] = first * from[i] + 0.5;
  } else if (weights.length === 2) {
    for (let i = at, out = row.at; i < end; i++, out++)
      to[out] = first * from[i] + second * from[stride + i] + 0.5;
  } else {
    for (let i = at, out = row.at; i < end; i++, out++) {
      let sum = 0;
      for (let row = 0, j = i; row < weights.length; row++, j += stride) sum += weights[row] * from[j];
      to[out] = sum + 0.5;
    }
  }
}
