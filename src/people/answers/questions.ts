/** What the recognizer is asked about. */
import type { Landmarks } from "../../faces/face/index.ts";

/** Which face of a picture is meant. */
export interface FaceChoice {
  /** What messages call it (default "the picture"). */
  readonly name?: string;
  /** The five points, in pixels of the upright picture: nothing is detected then. */
  readonly landmarks?: Landmarks;
  /** The picture shows one aligned face and nothing else; it is resized to the aligned frame of 88 x 104. */
  readonly aligned?: boolean;
  /** Which face of several: refuse ("only", the default), the largest one, or its number in the answer of `locate`. */
  readonly face?: "only" | "largest" | number;
}

/** A picture with a face. */
export interface FaceInput extends FaceChoice {
  /** A JPEG, PNG, WebP, AVIF, TIFF or GIF file. */
  readonly bytes: Uint8Array;
  /** The bytes are no file but the pixels of an aligned face [104, 88, 3]; how good the face is, is not judged then. */
  readonly raw?: boolean;
}
