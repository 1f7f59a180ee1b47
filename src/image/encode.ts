/** Pixels to PNG, for reports, contact sheets and galleries. */
import sharp from "sharp";
import type { Image } from "./image.ts";

/** Encodes `image` losslessly. */
export async function encodePng(image: Image): Promise<Uint8Array> {
  const { width, height, pixels } = image;
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
