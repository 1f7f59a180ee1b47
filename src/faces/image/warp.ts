/**
 * Warping by a similarity transform: each output pixel looks up where it came from.
 *
 * A photo is usually shrunk on its way to an aligned face, often tenfold. One look-up a pixel would then skip
 * most of the photo and alias, so an output pixel averages a grid of look-ups, at least one per photo pixel.
 */
import { InputError } from "../../base/errors/index.ts";
import type { Image } from "./image.ts";
import type { Size } from "./resize.ts";
import { invert, type Similarity, scaleOf } from "./similarity.ts";

/** Look-ups per output pixel and side; a photo that is shrunk more than this may alias a little. */
const MAX_GRID = 64;

/**
 * Draws `image` through `transform` (image coordinates to output coordinates) onto a canvas of `size`.
 * Each look-up is bilinear between pixel centres; beyond the image its edge pixels go on. `looks`: look-ups per output pixel and
 * side, 64 at most, in place of one for each pixel of the image.
 */
export function warp(image: Image, transform: Similarity, size: Size, looks?: number): Image {
  const { width, height } = size;
  if (!(Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1)) {
    throw new InputError(`warp: the output needs whole sides of at least 1 pixel, got ${width} x ${height}`);
  }
  const back = invert(transform);
  // The allowance keeps a scale of 1 that came out of arithmetic as 1 + 1e-16 from quadrupling the work.
  const grid = Math.min(MAX_GRID, looks ?? Math.max(1, Math.ceil(scaleOf(back) - 1e-6)));
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) drawRow(image, back, grid, { to: pixels, width, y });
  return { width, height, pixels };
}

/** A row of the picture [.., width, 3] that is drawn. */
interface Row {
  readonly to: Uint8Array;
  readonly width: number;
  readonly y: number;
}

/** Row `y` of what is drawn: `addBilinear` written out for three channels, which is faster. */
function drawRow(image: Image, back: Similarity, grid: number, { to, width: columns, y }: Row): void {
  const { pixels, width, height } = image;
  const { a, b, shiftX, shiftY } = back;
  const lastColumn = width - 1;
  const lastRow = height - 1;
  const stride = width * 3;
  const looks = grid * grid;
  for (let at = y * columns * 3, x = 0; x < columns; at += 3, x++) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let j = 0; j < grid; j++) {
      const outY = y + (j + 0.5) / grid;
      for (let i = 0; i < grid; i++) {
        const outX = x + (i + 0.5) / grid;
        let column = a * outX - b * outY + shiftX - 0.5;
        let row = b * outX + a * outY + shiftY - 0.5;
        if (column < 0) column = 0;
        else if (column > lastColumn) column = lastColumn;
        if (row < 0) row = 0;
        else if (row > lastRow) row = lastRow;
        const left = column | 0;
        const top = row | 0;
        const right = column - left; // weight of the right column
        const low = row - top; // weight of the lower row
        const p = (top * stride + left * 3) | 0;
        const q = left < lastColumn ? (p + 3) | 0 : p;
        const down = top < lastRow ? stride : 0;
        const r = (p + down) | 0;
        const s = (q + down) | 0;
        const redAbove = pixels[p] + (pixels[q] - pixels[p]) * right;
        red += redAbove + (pixels[r] + (pixels[s] - pixels[r]) * right - redAbove) * low;
        const greenAbove = pixels[p + 1] + (pixels[q + 1] - pixels[p + 1]) * right;
        green += greenAbove + (pixels[r + 1] + (pixels[s + 1] - pixels[r + 1]) * right - greenAbove) * low;
        const blueAbove = pixels[p + 2] + (pixels[q + 2] - pixels[p + 2]) * right;
        blue += blueAbove + (pixels[r + 2] + (pixels[s + 2] - pixels[r + 2]) * right - blueAbove) * low;
      }
    }
    to[at] = Math.round(red / looks);
    to[at + 1] = Math.round(green / looks);
    to[at + 2] = Math.round(blue / looks);
  }
}

/**
 * Adds to `sum` [channels] the colour at the point (`x`, `y`) of `image`, whose pixels have that many channels: bilinear
 * between pixel centres, which lie at halves; beyond the image its edge pixels go on.
 */
export function addBilinear(
  { width, height, pixels }: Image,
  channels: number,
  x: number,
  y: number,
  sum: Float64Array,
): void {
  const column = Math.min(Math.max(x - 0.5, 0), width - 1);
  const row = Math.min(Math.max(y - 0.5, 0), height - 1);
  const left = Math.floor(column);
  const top = Math.floor(row);
  const toRight = left + 1 < width ? channels : 0;
  const down = top + 1 < height ? width * channels : 0;
  const right = column - left; // weight of the right column
  const low = row - top; // weight of the lower row
  const at = (top * width + left) * channels;
  for (let channel = 0; channel < channels; channel++) {
    const i = at + channel;
    const above = pixels[i] + (pixels[i + toRight] - pixels[i]) * right;
    const below = pixels[i + down] + (pixels[i + down + toRight] - pixels[i + down]) * right;
    sum[channel] += above + (below - above) * low;
  }
}
