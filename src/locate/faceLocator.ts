/** What finds faces in photos, whichever detector it is. */
import type { Landmarks } from "../face/index.ts";
import type { Box, Image } from "../image/index.ts";

/** One face in a photo; all places in pixels of the photo, upright as decoded. */
export interface LocatedFace {
  readonly box: Box;
  /** How sure the detector is, 0 to 1; scores of different detectors do not compare. */
  readonly score: number;
  readonly landmarks: Landmarks;
}

/** A face detector with five landmarks. */
export interface FaceLocator {
  /** "human" or "yunet", for messages and results. */
  readonly name: string;
  /** The faces of `photo`, the largest first; an empty list where there is none. Calls may overlap. */
  locate(photo: Image, options?: { readonly signal?: AbortSignal }): Promise<readonly LocatedFace[]>;
  /** Ends its worker and frees its memory. */
  release(): Promise<void>;
}
