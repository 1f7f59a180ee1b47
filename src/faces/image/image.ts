/**
 * A picture in memory.
 *
 * Coordinates, here and wherever this project speaks of points in a picture: continuous pixels, origin at the
 * top left corner, x to the right, y down; the pixel in column i and row j covers [i, i+1) x [j, j+1).
 */
import { InputError } from "../../base/errors/index.ts";

export interface Image {
  readonly width: number;
  readonly height: number;
  /** RGB, 3 bytes a pixel, 0 to 255 in sRGB, rows from the top: [height, width, 3]. */
  readonly pixels: Uint8Array;
}

/** Wraps `pixels` [height, width, 3] as an image after checking that there are as many as there should be. */
export function createImage(width: number, height: number, pixels: Uint8Array): Image {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1)) {
    throw new InputError(`a picture: sides must be whole numbers of pixels, got ${width} x ${height}`);
  }
  if (pixels.length !== width * height * 3) {
    throw new InputError(
      `a picture of ${width} x ${height} RGB pixels needs ${width * height * 3} bytes, got ${pixels.length}`,
    );
  }
  return { width, height, pixels };
}
