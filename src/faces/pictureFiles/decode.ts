/** Picture files to pixels. The bytes may come from strangers, so anything odd is refused by name. */
import sharp from "sharp";
import { DataError } from "../../base/errors/index.ts";
import type { Size } from "../image/index.ts";
import { createImage, type Image } from "../image/index.ts";

export interface DecodeOptions {
  /** Pictures of more pixels are refused before they are decoded. */
  readonly maxPixels?: number;
  /** Larger files are refused unread. */
  readonly maxBytes?: number;
  /** Whole seconds after which decoding is given up. */
  readonly maxSeconds?: number;
}

export const DECODE_DEFAULTS = {
  maxPixels: 50_000_000,
  maxBytes: 50_000_000,
  maxSeconds: 20,
} as const satisfies DecodeOptions;

/**
 * Decodes a JPEG, PNG, WebP, AVIF, TIFF or GIF file (of an animation, the first frame) to 8-bit sRGB.
 *
 * EXIF rotation is applied, transparency is laid on white, grey, CMYK and 16-bit pictures are converted.
 * `name` is only for messages. Throws DataError when the bytes are no such file, truncated, or too large.
 */
export async function decodeImage(
  bytes: Uint8Array,
  name: string,
  options: DecodeOptions = {},
): Promise<Image> {
  const { maxPixels, maxBytes, maxSeconds } = { ...DECODE_DEFAULTS, ...options };
  if (bytes.length > maxBytes) {
    throw new DataError(`${name}: ${bytes.length} bytes, more than the ${maxBytes} that a picture may have`);
  }
  const format = sniffFormat(bytes);
  if (!supported.has(format)) throw new DataError(`${name}: ${reasonToRefuse(format, bytes)}`);
  try {
    if (format === "TIFF") await checkDepth(bytes);
    // A JPEG without its end mark is refused even where no pixel is missing: one that lacks a hundred bytes more decodes
    // without complaint, too, to other pixels, and the two cannot be told apart.
    const { data, info } = await sharp(bytes, { failOn: "error", limitInputPixels: maxPixels })
      .autoOrient()
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .timeout({ seconds: maxSeconds })
      .toBuffer({ resolveWithObject: true });
    return createImage(info.width, info.height, new Uint8Array(data.buffer, data.byteOffset, data.length));
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n")[0] : String(error);
    const limit = /pixel limit/.test(reason) ? ` of ${maxPixels} pixels` : "";
    throw new DataError(`${name}: not a readable ${format} picture: ${reason}${limit}`, { cause: error });
  }
}

/** Values of other kinds have no black and white that is sure; what they would be shown as is a guess. */
async function checkDepth(bytes: Uint8Array): Promise<void> {
  const { depth } = await sharp(bytes).metadata();
  if (depth === "uchar" || depth === "ushort") return;
  throw new Error(`its values are of the kind ${depth}; needed 8 or 16 bits, save it so`);
}

/** Sides of the upright picture in `bytes`, without decoding it; undefined where they are no picture. */
export async function pictureSize(bytes: Uint8Array): Promise<Size | undefined> {
  if (!supported.has(sniffFormat(bytes))) return undefined;
  try {
    const { width, height, autoOrient } = await sharp(bytes).metadata();
    return autoOrient ? { width: autoOrient.width, height: autoOrient.height } : { width, height };
  } catch {
    return undefined;
  }
}

/** A picture with transparency: RGBA, 4 bytes a pixel, colours not multiplied by alpha: [height, width, 4]. */
export interface TransparentImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Decodes a PNG or WebP with its transparency; refuses what `decodeImage` refuses. */
export async function decodeTransparent(
  bytes: Uint8Array,
  name: string,
  options: DecodeOptions = {},
): Promise<TransparentImage> {
  const { maxPixels } = { ...DECODE_DEFAULTS, ...options };
  const format = sniffFormat(bytes);
  if (format !== "PNG" && format !== "WebP") throw new DataError(`${name}: needs a PNG or WebP picture`);
  try {
    const { data, info } = await sharp(bytes, { failOn: "error", limitInputPixels: maxPixels })
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return { width: info.width, height: info.height, pixels };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n")[0] : String(error);
    throw new DataError(`${name}: not a readable ${format} picture: ${reason}`, { cause: error });
  }
}

type Format = "JPEG" | "PNG" | "WebP" | "AVIF" | "TIFF" | "GIF" | "HEIC" | "SVG" | "unknown";

const supported: ReadonlySet<Format> = new Set<Format>(["JPEG", "PNG", "WebP", "AVIF", "TIFF", "GIF"]);

/** What a file is by its first bytes; its name is not to be trusted. */
function sniffFormat(bytes: Uint8Array): Format {
  const head = String.fromCharCode(...bytes.subarray(0, 64));
  if (head.startsWith("\xff\xd8\xff")) return "JPEG";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") return "WebP";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "GIF";
  if (head.startsWith("II*\0") || head.startsWith("MM\0*")) return "TIFF";
  if (head.slice(4, 8) === "ftyp") return /avi[fs]/.test(head.slice(8)) ? "AVIF" : "HEIC";
  if (/<(?:\?xml|svg|!DOCTYPE svg)/i.test(head)) return "SVG";
  return "unknown";
}

function reasonToRefuse(format: Format, bytes: Uint8Array): string {
  if (bytes.length === 0) return "the file is empty";
  if (format === "HEIC") return "HEIC pictures cannot be read; save it as JPEG, PNG or WebP";
  if (format === "SVG") return "a drawing (SVG), not a photo; save it as JPEG, PNG or WebP";
  return `not a picture: needed JPEG, PNG, WebP, AVIF, TIFF or GIF, got ${bytes.length} bytes of something else`;
}
