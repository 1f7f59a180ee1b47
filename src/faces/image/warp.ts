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
 * Each look-up is bilinear between pixel centres; beyond the image its edge pixels go on.
 */
export function warp(image: Image, transform: Similarity, size: Size): Image {
  const { width, height } = size;
  if (!(Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1)) {
    throw new InputError(`warp: the output needs whole sides of at least 1 pixel, got ${width} x ${height}`);
  }
  const back = invert(transform);
  // The allowance keeps a scale of 1 that came out of arithmetic as 1 + 1e-16 from quadrupling the work.
  const grid = Math.min(MAX_GRID, Math.max(1, Math.ceil(scaleOf(back) - 1e-6)));
  const pixels = new Uint8Array(width * height * 3);
  const sum = new Float64Array(3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sum.fill(0);
      for (let row = 0; row < grid; row++) {
        const outY = y + (row + 0.5) / grid;
        for (let column = 0; column < grid; column++) {
          const outX = x + (column + 0.5) / grid;
          const fromX = back.a * outX - back.b * outY + back.shiftX;
          const fromY = back.b * outX + back.a * outY + back.shiftY;
          addBilinear(image, 3, fromX, fromY, sum);
        }
      }
      const at = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        pixels[at + channel] = Math.round(sum[channel] / (grid * grid));
      }
    }
  }
  return { width, height, pixels };
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
