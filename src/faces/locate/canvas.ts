/** A photo shrunk onto the canvas that a detector takes, and the way back. */
import { createImage, type Image, resizeRegion, type Size } from "../image/index.ts";

/** `image` is the photo in the top left corner, grey beyond; photo pixels = canvas pixels · `scale`. */
export interface Canvas {
  readonly image: Image;
  readonly scale: number;
}

/**
 * Shrinks `photo` until its longer side is at most `maxSide` (a smaller one stays as it is) and lays it on a canvas of
 * `sizeFor` the shrunk photo.
 */
export function toCanvas(photo: Image, maxSide: number, sizeFor: (shrunk: Size) => Size): Canvas {
  const scale = Math.max(1, Math.max(photo.width, photo.height) / maxSide);
  const width = Math.max(1, Math.round(photo.width / scale));
  const height = Math.max(1, Math.round(photo.height / scale));
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height };
  const shrunk = scale === 1 ? photo : resizeRegion(photo, whole, { width, height });
  const size = sizeFor(shrunk);
  if (size.width === width && size.height === height) return { image: shrunk, scale };
  const pixels = new Uint8Array(size.width * size.height * 3).fill(GREY);
  for (let y = 0; y < height; y++) {
    pixels.set(shrunk.pixels.subarray(y * width * 3, (y + 1) * width * 3), y * size.width * 3);
  }
  return { image: createImage(size.width, size.height, pixels), scale };
}

const GREY = 128;
