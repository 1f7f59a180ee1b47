/** The mirror image. The paper's features are of a face and of its mirror image (Section 4). */
import type { Image } from "./image.ts";

/** Returns `image`, of so many channels, with left and right exchanged. */
export function mirror(image: Image, channels = 3): Image {
  const { width, height, pixels } = image;
  const mirrored = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const to = (y * width + width - 1 - x) * channels;
      for (let channel = 0; channel < channels; channel++) mirrored[to + channel] = pixels[from + channel];
    }
  }
  return { width, height, pixels: mirrored };
}
