/**
 * Uniform local binary patterns: which of a pixel's 8 neighbours are brighter than it.
 * Source: Ojala, Pietikäinen and Mäenpää, PAMI 2002, Section 2: of the 256 patterns the 58 whose bits change at most
 * twice around the circle have a bin each, and all others share one.
 */

/** 58 uniform patterns and the one bin of all others. */
export const BINS = 59;

/** The bin of patterns that are not uniform, and of pixels whose neighbours are not all known. */
export const OTHER = 58;

/** The bin of each of the 256 patterns; uniform ones are numbered in the order of their codes. */
export const BIN_OF_CODE: Uint8Array = numberUniform();

function numberUniform(): Uint8Array {
  const bins = new Uint8Array(256).fill(OTHER);
  let next = 0;
  for (let code = 0; code < 256; code++) if (transitions(code) <= 2) bins[code] = next++;
  return bins;
}

/** How often neighbouring bits of the circular 8-bit `code` differ. */
function transitions(code: number): number {
  const turned = ((code << 1) | (code >>> 7)) & 255;
  let count = 0;
  for (let differing = code ^ turned; differing > 0; differing >>>= 1) count += differing & 1;
  return count;
}

/**
 * Writes the bin of each pixel of `grey` [height, width] into `bins`, whose rows are `stride` apart and begin at `at`.
 * Bit k of a code is 1 where neighbour k, counted clockwise from the top left, is strictly brighter, as in dlib; equal
 * neighbours count as dark. The pixels along the edge have no full circle: they are left as they are.
 */
export function binPixels(
  grey: Uint16Array,
  { width, height }: { readonly width: number; readonly height: number },
  bins: Uint8Array,
  { at, stride }: { readonly at: number; readonly stride: number },
): void {
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1, end = (y + 1) * width - 1, to = at + y * stride + 1; i < end; i++, to++) {
      const centre = grey[i];
      // centre - neighbour is negative, its sign bit 1, where the neighbour is brighter; no branch to mispredict.
      const code =
        ((centre - grey[i - width - 1]) >>> 31) |
        (((centre - grey[i - width]) >>> 31) << 1) |
        (((centre - grey[i - width + 1]) >>> 31) << 2) |
        (((centre - grey[i + 1]) >>> 31) << 3) |
        (((centre - grey[i + width + 1]) >>> 31) << 4) |
        (((centre - grey[i + width]) >>> 31) << 5) |
        (((centre - grey[i + width - 1]) >>> 31) << 6) |
        (((centre - grey[i - 1]) >>> 31) << 7);
      bins[to] = BIN_OF_CODE[code];
    }
  }
}
