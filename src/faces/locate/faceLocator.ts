/** What finds faces in photos, whichever detector it is. */
import { type Landmarks, mapLandmarks, type Point } from "../face/index.ts";
import type { Box, Image } from "../image/index.ts";

/** One face in a photo; all places in pixels of the photo, upright as decoded. */
export interface LocatedFace {
  readonly box: Box;
  /** How sure the detector is, 0 to 1; scores of different detectors do not compare. */
  readonly score: number;
  readonly landmarks: Landmarks;
  /** False where it is not certain which way up the face is, so that it must not be judged; detectors that do not look leave it out. */
  readonly upright?: boolean;
}

/** A face detector with five landmarks. */
export interface FaceLocator {
  /** "blazeface" or "yunet", for messages and results. */
  readonly name: string;
  /** The faces of `photo`, the largest first; an empty list where there is none. Calls may overlap. */
  locate(photo: Image, options?: LocateOptions): Promise<readonly LocatedFace[]>;
  /** Begins to load what it needs, beside whatever else is done; else that begins with the first photo. */
  prepare?(): void;
  /** Ends its worker and frees its memory. */
  release(): Promise<void>;
}

export interface LocateOptions {
  /** Stops the search; the promise rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Most milliseconds for this photo, from when its turn has come; the promise rejects with a LocateTimeout. */
  readonly timeoutMs?: number;
  /**
   * Whether small faces of a large photo are looked for: "always" (the default), or "if-none" is seen in the photo as a whole,
   * which takes a tenth of the time. Detectors that look at one size of the photo take no notice.
   */
  readonly small?: "always" | "if-none";
}

/** The search took longer than it may. */
export class LocateTimeout extends Error {
  override readonly name = "LocateTimeout";
}

/** A check of what stops a search: it throws when the signal says so or the time is over. */
export function limitOf({ signal, timeoutMs = Number.POSITIVE_INFINITY }: LocateOptions): () => void {
  const end = performance.now() + timeoutMs;
  return () => {
    signal?.throwIfAborted();
    if (performance.now() > end) throw new LocateTimeout(`no answer within ${timeoutMs} ms`);
  };
}

/** `faces` with the largest box first. */
export const largestFirst = (faces: readonly LocatedFace[]): LocatedFace[] =>
  [...faces].sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);

/** `face` in a picture that is `scale` times as large. */
export function scaled({ box, score, landmarks, upright }: LocatedFace, scale: number): LocatedFace {
  const point = ({ x, y }: Point): Point => ({ x: x * scale, y: y * scale });
  return {
    box: { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale },
    score,
    landmarks: mapLandmarks(landmarks, point),
    upright,
  };
}
