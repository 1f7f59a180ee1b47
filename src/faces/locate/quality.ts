/** How much an aligned face has to tell: pixels between the eyes, and detail. */
import { type Landmarks, TEMPLATE } from "../face/index.ts";
import { type Image, toGrey } from "../image/index.ts";

/** Pixels between the eyes. */
export const eyeDistanceOf = ([left, right]: Landmarks): number =>
  Math.hypot(left.x - right.x, left.y - right.y);

/** Of the template, which an aligned face is taken to have. */
export const TEMPLATE_EYE_DISTANCE = eyeDistanceOf(TEMPLATE.landmarks);

/**
 * Detail of an aligned face [104, 88]: the standard deviation of the Laplacian over that of the grey values, in the
 * middle of the face, so that neither contrast nor the background counts. A sharp photo has about 0.3, and what was
 * drawn larger than it was taken has little.
 */
export function sharpnessOf(face: Image): number {
  const { width, height } = face;
  const grey = new Uint8Array(width * height);
  toGrey(face.pixels, grey);
  const [left, right] = [Math.round(width * 0.2), Math.round(width * 0.8)];
  const [top, bottom] = [Math.round(height * 0.3), Math.round(height * 0.8)];
  const values: number[] = [];
  const edges: number[] = [];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * width + x;
      values.push(grey[i]);
      edges.push(4 * grey[i] - grey[i - 1] - grey[i + 1] - grey[i - width] - grey[i + width]);
    }
  }
  const spread = deviation(values);
  return spread > 0 ? deviation(edges) / spread : 0;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0));
}
