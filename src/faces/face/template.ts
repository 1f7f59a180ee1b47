/**
 * The one frame that all aligned faces share, whatever they come from.
 *
 * It is a window of CelebA's aligned 178 x 218 frame, so that CelebA needs no warp beyond a scale, and all
 * other photos are moved to where CelebA's faces are.
 *
 * Departure: the paper aligns by 21 landmarks to an unpublished frame; this uses five points.
 */
import { type Landmarks, mapLandmarks, type Point } from "./landmarks.ts";

/** CelebA's aligned pictures: their size, and where the five points lie on average. */
export const CELEBA_FRAME = {
  width: 178,
  height: 218,
  landmarks: [
    { x: 69.4, y: 111.4 },
    { x: 108.4, y: 111.3 },
    { x: 89, y: 135.5 },
    { x: 71.5, y: 152.5 },
    { x: 105.9, y: 152.3 },
  ] as Landmarks,
} as const;

/** The window x 21 to 157, y 46 to 206.7 of CelebA's frame, at 88/136 = 0.647 of its size. */
const WINDOW = { x: 21, y: 46, width: 136 } as const;
const WIDTH = 88;
const HEIGHT = 104;

/** Template pixels per pixel of CelebA's frame. */
const SCALE = WIDTH / WINDOW.width;

/** Where a point or a distance of CelebA's frame lies in the template. */
export const fromCelebA = {
  point: ({ x, y }: Point): Point => ({ x: (x - WINDOW.x) * SCALE, y: (y - WINDOW.y) * SCALE }),
  length: (length: number) => length * SCALE,
};

/** The aligned frame: 88 x 104 pixels with eyes near (31.3, 42.3) and (56.6, 42.3). */
export const TEMPLATE = {
  width: WIDTH,
  height: HEIGHT,
  landmarks: mapLandmarks(CELEBA_FRAME.landmarks, fromCelebA.point),
} as const;

/** Changes whenever the template or the way faces are drawn into it changes: old caches must not be used. */
export const TEMPLATE_VERSION = 1;
