/** What the recognizer is asked about. */
import type { Landmarks } from "../../faces/face/index.ts";
import type { Image } from "../../faces/image/index.ts";

/** Which face of several is meant. */
export type WhichFace = "main" | "only" | "largest" | number;

/** The same as people write it; undefined where `text` is none. */
export function readWhichFace(text: string): WhichFace | undefined {
  if (text === "main" || text === "only" || text === "largest") return text;
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

/** Which face of a picture is meant. */
export interface FaceChoice {
  /** What messages call it (default "the picture"). */
  readonly name?: string;
  /** The five points, in pixels of the upright picture: nothing is detected then. */
  readonly landmarks?: Landmarks;
  /**
   * The picture shows one aligned face and nothing else; it is resized to the aligned frame of 88 x 104. Where nothing is
   * said, a picture of exactly that size is taken for one.
   */
  readonly aligned?: boolean;
  /**
   * Which face of several. "main" (the default): the one that is clearly larger than the others, or among those of about its size
   * clearly nearer to the middle; refused where none is. "only": several are refused. "largest", or a number in the answer of `locate`.
   */
  readonly face?: WhichFace;
}

/**
 * A photo: the path of a picture file or its file: URL; its bytes, as a Buffer, Uint8Array, ArrayBuffer, Blob or File; or
 * decoded pixels, 3 bytes each. Files are JPEG, PNG, WebP, AVIF, TIFF or GIF.
 */
export type Photo = string | URL | Uint8Array | ArrayBuffer | Blob | Image;

/** A photo, and which of its faces is meant. */
export interface FaceInput extends FaceChoice {
  readonly photo: Photo;
  /** The bytes are no file but the pixels of an aligned face [104, 88, 3]; how good the face is, is not judged then. */
  readonly raw?: boolean;
}
