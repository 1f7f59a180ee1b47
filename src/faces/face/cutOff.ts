/** How much of a face lies beyond the border of its photo. */
import { applyTo, invert, type Size } from "../image/index.ts";
import type { Landmarks } from "./landmarks.ts";
import { similarityFrom } from "./similarityFrom.ts";
import { TEMPLATE } from "./template.ts";

/** Of the template, from left to right and from top to bottom: brows to chin, temple to temple. */
const FACE = { left: 0.15, right: 0.85, top: 0.28, bottom: 0.95 } as const;
/** Points looked at along each side. */
const GRID = 20;

/** The share of the face at `landmarks`, 0 to 1, that a photo of `size` does not show. */
export function cutOffOf(landmarks: Landmarks, { width, height }: Size): number {
  const back = invert(similarityFrom(landmarks, TEMPLATE.landmarks));
  const along = (from: number, to: number, i: number) => from + ((to - from) * (i + 0.5)) / GRID;
  let outside = 0;
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const point = {
        x: TEMPLATE.width * along(FACE.left, FACE.right, column),
        y: TEMPLATE.height * along(FACE.top, FACE.bottom, row),
      };
      const { x, y } = applyTo(point, back);
      if (!(x >= 0 && x <= width && y >= 0 && y <= height)) outside++;
    }
  }
  return outside / GRID ** 2;
}
