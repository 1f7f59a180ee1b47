/** What a picture may be, and what a face must be to be judged. */
import type { Point } from "../../faces/face/index.ts";
import type { Size } from "../../faces/image/index.ts";
import type { FaceUsed, UnfitReason } from "./answers.ts";

export interface PictureLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
  /** For finding the faces of one picture, after it is decoded. */
  readonly timeoutMs: number;
  /** Pixels between the eyes, at least. */
  readonly minEyeDistance: number;
  /** Detail of the aligned face, at least (see `sharpnessOf`). */
  readonly minSharpness: number;
}

export const PICTURE_LIMITS = {
  maxBytes: 20_000_000,
  maxPixels: 50_000_000,
  timeoutMs: 20_000,
  minEyeDistance: 12,
  minSharpness: 0.12,
} as const satisfies PictureLimits;

/** Why a face is not judged; null: it is. */
export function unfitFor(
  limits: PictureLimits,
  { eyeDistance, sharpness, landmarks, picture }: FaceUsed,
  upright = true,
): UnfitReason | null {
  if (!upright) return "face-turned";
  const [left, right] = landmarks ?? [];
  if (left && right && !(isWithin(picture, left) && isWithin(picture, right))) return "face-cut-off";
  if (!(eyeDistance >= limits.minEyeDistance)) return "face-too-small";
  return sharpness >= limits.minSharpness ? null : "face-too-blurred";
}

/** Whether a point lies in a picture. */
export const isWithin = ({ width, height }: Size, { x, y }: Point): boolean =>
  x >= 0 && x <= width && y >= 0 && y <= height;

/** Why a face is not judged, as messages say it. */
export const unfitText = (
  { minEyeDistance, minSharpness }: Pick<PictureLimits, "minEyeDistance" | "minSharpness">,
  { eyeDistance, sharpness }: Pick<FaceUsed, "eyeDistance" | "sharpness">,
  reason: UnfitReason,
): string => {
  if (reason === "face-turned") return "it is not certain which way up the face is; turn the picture upright";
  if (reason === "face-cut-off") return "the face is cut off: an eye lies beyond the picture's border";
  return reason === "face-too-small"
    ? `the face is too small: ${eyeDistance.toFixed(1)} pixels between the eyes, ${minEyeDistance} are needed`
    : `the face is too blurred: sharpness ${sharpness.toFixed(2)}, ${minSharpness} is needed`;
};
