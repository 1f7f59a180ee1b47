/** Photos as programs have them (paths, bytes, blobs, pixels) to pixels. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError, InputError } from "../../base/errors/index.ts";
import { FILE_LIMITS, readForeign } from "../../base/files/index.ts";
import { createImage, type Image } from "../../faces/image/index.ts";
import { decodeImage } from "../../faces/pictureFiles/index.ts";
import { type FaceInput, nameOf, type Photo, type PictureLimits } from "../answers/index.ts";

const NEEDED =
  "a photo is a path, a file: URL, a Buffer, Uint8Array, ArrayBuffer, Blob, or pixels { width, height, pixels }";

/** What is asked, with a name for messages. */
export function asInput(given: Photo | FaceInput): FaceInput {
  const input = isInput(given) ? given : { photo: given };
  const name = input.name ?? nameIn(input.photo);
  return name === undefined ? input : { ...input, name };
}

const isInput = (given: Photo | FaceInput): given is FaceInput =>
  typeof given === "object" && given !== null && "photo" in given;

/** What a photo is called; undefined where it has no name of its own. */
function nameIn(photo: Photo): string | undefined {
  if (typeof photo === "string") return pathOf(photo);
  if (photo instanceof URL) return photo.protocol === "file:" ? pathOf(photo.href) : photo.href;
  return photo instanceof Blob && "name" in photo ? String(photo.name) : undefined;
}

/**
 * The upright pixels of `input`. Throws InputError for what is no photo or not there, DataError for a file that is no picture or breaks a
 * limit; both name it.
 */
export async function readPhoto(
  input: FaceInput,
  { maxBytes, maxPixels }: Pick<PictureLimits, "maxBytes" | "maxPixels">,
): Promise<Image> {
  const { photo } = input;
  const name = nameOf(input);
  if (isImage(photo)) return imageOf(photo, name);
  return decodeImage(await bytesOf(photo, name), name, { maxBytes, maxPixels });
}

/** Pixels of a program, which may not be as many as it says. */
function imageOf({ width, height, pixels }: Image, name: string): Image {
  try {
    return createImage(width, height, pixels);
  } catch (cause) {
    throw new InputError(`${name}: ${(cause as Error).message}`, { cause });
  }
}

/** A path as it is, or that of a file: URL. InputError for a file: URL that names none, like one of another machine. */
export function pathOf(text: string): string {
  if (!/^file:/i.test(text)) return text;
  try {
    return fileURLToPath(text);
  } catch (cause) {
    throw new InputError(`${text.slice(0, 80)}: ${(cause as Error).message}`, { cause });
  }
}

/** The bytes of a photo that is a file, or in memory as one. */
export async function bytesOf(photo: Photo, name: string): Promise<Uint8Array> {
  if (typeof photo === "string") return readFileAt(pathOf(photo), name);
  if (photo instanceof URL) {
    if (photo.protocol === "file:") return readFileAt(pathOf(photo.href), name);
    throw new InputError(`${name}: nothing is fetched from ${photo.protocol} addresses; ${NEEDED}`);
  }
  if (photo instanceof Uint8Array) return photo;
  if (photo instanceof ArrayBuffer) return new Uint8Array(photo);
  if (photo instanceof Blob) return new Uint8Array(await photo.arrayBuffer());
  throw new InputError(`${name}: ${NEEDED}; got ${kindOf(photo)}`);
}

async function readFileAt(path: string, name: string): Promise<Uint8Array> {
  if (/^(?:https?|data|blob):/i.test(path)) {
    throw new InputError(`${name.slice(0, 80)}: nothing is fetched, and addresses are no paths; ${NEEDED}`);
  }
  return readForeign(path, FILE_LIMITS.picture).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof DataError) throw cause;
    if (cause.code === "ENOENT") {
      throw new InputError(`${name}: there is no such file (looked for ${resolve(path)})`, { cause });
    }
    throw new InputError(`${name}: cannot be read: ${cause.message}`, { cause });
  });
}

const isImage = (photo: Photo): photo is Image =>
  typeof photo === "object" && photo !== null && "pixels" in photo;

function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return `an object with ${Object.keys(value).slice(0, 5).join(", ") || "nothing in it"}`;
}
