/** Photos in a page to pixels: by the browser's own decoders. */
import { DataError, InputError } from "../../base/errors/index.ts";
import type { Image } from "../../faces/image/index.ts";
import type { PictureLimits } from "../answers/index.ts";

/** A photo as pages have them: a file, a picture or canvas of the page, or pixels. */
export type PagePhoto =
  | Blob
  | ImageData
  | ImageBitmap
  | HTMLImageElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | Image;

/** The upright pixels of `photo`, transparency laid on white; DataError where it is no picture or breaks a limit. */
export async function openPhoto(
  photo: PagePhoto,
  name: string,
  limits: Pick<PictureLimits, "maxBytes" | "maxPixels" | "timeoutMs">,
): Promise<Image> {
  const { maxBytes, maxPixels, timeoutMs } = limits;
  if (isImage(photo)) return photo;
  if (is(photo, "Blob")) {
    if (photo.size === 0) throw new DataError(`${name}: the file is empty`);
    if (photo.size > maxBytes) {
      throw new DataError(`${name}: ${photo.size} bytes, more than the ${maxBytes} that a picture may have`);
    }
    const bitmap = await decoded(photo, name, timeoutMs);
    try {
      return draw(bitmap, bitmap, name, maxPixels);
    } finally {
      bitmap.close();
    }
  }
  if (is(photo, "ImageData")) {
    checkPixels(photo, name, maxPixels);
    return onWhite(photo);
  }
  if (is(photo, "HTMLImageElement")) {
    await photo.decode().catch((cause: Error) => {
      throw new DataError(`${name}: the browser could not load it: ${cause.message}`, { cause });
    });
    return draw(photo, { width: photo.naturalWidth, height: photo.naturalHeight }, name, maxPixels);
  }
  if (is(photo, "HTMLCanvasElement") || is(photo, "OffscreenCanvas") || is(photo, "ImageBitmap")) {
    return draw(photo, photo, name, maxPixels);
  }
  throw new InputError(
    `${name}: needs a Blob, ImageData, ImageBitmap, <img> or canvas, or { width, height, pixels }, got ${String(photo)}`,
  );
}

interface Kinds {
  Blob: Blob;
  ImageData: ImageData;
  ImageBitmap: ImageBitmap;
  HTMLImageElement: HTMLImageElement;
  HTMLCanvasElement: HTMLCanvasElement;
  OffscreenCanvas: OffscreenCanvas;
}

/** Whether `value` is of a class that exists here; workers have no elements. */
function is<K extends keyof Kinds>(value: unknown, kind: K): value is Kinds[K] {
  const type = (globalThis as Record<string, unknown>)[kind];
  return typeof type === "function" && value instanceof type;
}

const isImage = (photo: PagePhoto): photo is Image => "pixels" in Object(photo);

/** A file decoded by the browser, upright and in sRGB. */
async function decoded(file: Blob, name: string, timeoutMs: number): Promise<ImageBitmap> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DataError(`${name}: it was not decoded within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([createImageBitmap(file), late]);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${name}: not a picture that this browser can read`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

interface Sides {
  readonly width: number;
  readonly height: number;
}

function checkPixels({ width, height }: Sides, name: string, maxPixels: number): void {
  if (!(width >= 1 && height >= 1)) throw new DataError(`${name}: the picture is empty`);
  if (width * height > maxPixels) {
    throw new DataError(
      `${name}: ${width} x ${height} pixels, more than the ${maxPixels} that a picture may have`,
    );
  }
}

function draw(source: CanvasImageSource, { width, height }: Sides, name: string, maxPixels: number): Image {
  checkPixels({ width, height }, name, maxPixels);
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(source, 0, 0, width, height);
  try {
    return onWhite(context.getImageData(0, 0, width, height));
  } catch (cause) {
    throw new InputError(`${name}: it comes from another origin, which does not let pages read it (CORS)`, {
      cause,
    });
  }
}

/** RGB of RGBA laid on white. */
function onWhite({ width, height, data }: ImageData): Image {
  const pixels = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const alpha = data[from + 3];
    for (let c = 0; c < 3; c++, to++) {
      pixels[to] = alpha === 255 ? data[from + c] : Math.round((data[from + c] * alpha) / 255 + 255 - alpha);
    }
  }
  return { width, height, pixels };
}

/** Pixels as a page shows them: on a canvas, by putImageData. */
export function toImageData({ width, height, pixels }: Image): ImageData {
  const shown = new ImageData(width, height);
  for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
    shown.data.set(pixels.subarray(from, from + 3), to);
    shown.data[to + 3] = 255;
  }
  return shown;
}
