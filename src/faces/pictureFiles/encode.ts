/** Pixels to PNG and JPEG, for reports, contact sheets and galleries. */
import sharp from "sharp";
import { createImage, type Image } from "../image/index.ts";

/** Encodes `image` losslessly. */
export async function encodePng(image: Image): Promise<Uint8Array> {
  const { width, height, pixels } = image;
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** The same as a data URI, for pages that stand alone. */
export const pngUri = async (image: Image): Promise<string> =>
  `data:image/png;base64,${Buffer.from(await encodePng(image)).toString("base64")}`;

/** Encodes `image` as JPEG of the given quality, 1 to 100: a tenth of the bytes, for pages of many pictures. */
export async function encodeJpeg({ width, height, pixels }: Image, quality = 85): Promise<Uint8Array> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}

/** `image` as a file with the SVG file `drawing` of the same sides laid over it. The drawing must be our own: it is trusted. */
export async function encodeDrawn(
  image: Image,
  drawing: string,
  format: "png" | "jpeg" = "png",
): Promise<Uint8Array> {
  const { width, height, pixels } = image;
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(drawing), left: 0, top: 0 }])
    .toFormat(format, format === "jpeg" ? { quality: 90 } : {})
    .toBuffer();
}

/** `image` as it looks after JPEG of the given quality, 1 to 100. */
export async function recompressJpeg(image: Image, quality: number): Promise<Image> {
  const { width, height } = image;
  const file = await encodeJpeg(image, quality);
  return createImage(width, height, new Uint8Array(await sharp(file).raw().toBuffer()));
}
