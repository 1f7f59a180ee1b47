/** The mirror image. The paper's features are of a face and of its mirror image (Section 4). */
import type { Image } from "./image.ts";

/** Returns `image` with left and right exchanged. */
export function mirror(image: Image): Image {
  const { width, height, pixels } = image;
  const mirrored = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = (y * width + width - 1 - x) * 3;
      for (let channel = 0; channel < 3; channel++) mirrored[to + channel] = pixels[from + channel];
    }
  }
  return { width, height, pixels: mirrored };
}
