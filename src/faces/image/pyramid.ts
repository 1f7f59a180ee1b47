/**
 * A photo at its size, at half of it, at a quarter and so on, each made when it is first asked for: who looks at many places of
 * a large photo, each at its own scale, averages its pixels once.
 */
import type { Image } from "./image.ts";
import type { Size } from "./resize.ts";
import { type Similarity, scaleOf } from "./similarity.ts";
import { warp } from "./warp.ts";

export interface Pyramid {
  readonly photo: Image;
  /** The photo at 2^-`halvings` of its size; a side stays at least one pixel. */
  level(halvings: number): Image;
}

export function createPyramid(photo: Image): Pyramid {
  const levels = [photo];
  return {
    photo,
    level(halvings) {
      while (levels.length <= halvings) levels.push(halved(levels.at(-1)!));
      return levels[halvings];
    },
  };
}

/** How often a photo may be halved that is then drawn at `scale` of its size, without being enlarged. */
export const halvingsFor = (scale: number): number => Math.max(0, Math.floor(Math.log2(1 / scale) + 1e-6));

/**
 * As `warp` does, from the level next in size. Its pixels are means already, so where it is shrunk by less than 1.5, as mostly, one
 * look-up for a pixel will do.
 */
export function warpPyramid({ photo, level }: Pyramid, transform: Similarity, size: Size): Image {
  const most = Math.floor(Math.log2(Math.min(photo.width, photo.height)));
  const halvings = Math.min(most, halvingsFor(scaleOf(transform)));
  const factor = 2 ** halvings;
  const fromLevel = { ...transform, a: transform.a * factor, b: transform.b * factor };
  return warp(level(halvings), fromLevel, size, Math.max(1, Math.round(1 / scaleOf(fromLevel))));
}

/** Means of 2 x 2 pixels; an odd last row or column is dropped, so that a pixel's place stays exact. */
function halved({ width, height, pixels }: Image): Image {
  const [halfWidth, halfHeight] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const half = new Uint8Array(halfWidth * halfHeight * 3);
  const right = width > 1 ? 3 : 0;
  const down = height > 1 ? width * 3 : 0;
  for (let y = 0; y < halfHeight; y++) {
    let from = 2 * y * width * 3;
    let to = y * halfWidth * 3;
    for (let x = 0; x < halfWidth; x++, from += 6) {
      for (let c = from; c < from + 3; c++, to++) {
        half[to] = (pixels[c] + pixels[c + right] + pixels[c + down] + pixels[c + down + right] + 2) >> 2;
      }
    }
  }
  return { width: halfWidth, height: halfHeight, pixels: half };
}
