/** Faces in too little light, brought up to what nets know: their training pictures hardly hold any. */
import type { Image } from "../image/index.ts";
import { WHOLE_FACE } from "./region.ts";
import { TEMPLATE } from "./template.ts";

/** Mean luma of a face below which it is in too little light: of LFW's faces one in 1,000 has less than 55. */
const TOO_DARK = 50;
/** What such a face is brought to; the median of LFW's is 123. */
const LIT = 100;
/** Beyond this, noise is all that grows. */
const MOST = 8;

/**
 * `face` [104, 88, 3] as it is, or, where its mean luma is below 50 of 255, with all pixels times one factor that brings it to
 * 100, at most 8. The result of a very dark face may be dark still.
 *
 * @example
 * const face = exposed(alignFace(photo, landmarks));
 */
export function exposed(face: Image): Image {
  const mean = meanLuma(face);
  if (!(mean > 0 && mean < TOO_DARK)) return face;
  const factor = Math.min(MOST, LIT / mean);
  return { ...face, pixels: face.pixels.map((value) => Math.min(255, Math.round(value * factor))) };
}

/** Over the whole-face region: ITU-R BT.601. */
function meanLuma({ pixels }: Image): number {
  const { x, y, width, height } = WHOLE_FACE.box;
  let [sum, count] = [0, 0];
  for (let row = Math.ceil(y); row < Math.floor(y + height); row++) {
    for (let column = Math.ceil(x); column < Math.floor(x + width); column++, count++) {
      const at = 3 * (row * TEMPLATE.width + column);
      sum += 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
    }
  }
  return sum / count;
}
