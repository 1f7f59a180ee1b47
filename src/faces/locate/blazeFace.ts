/**
 * BlazeFace: where in a picture faces are, with six points each.
 * Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019; MediaPipe's net for the back camera.
 */
import type { Session } from "../../math/session/index.ts";
import type { Point } from "../face/index.ts";
import type { Box, Image, Size } from "../image/index.ts";
import { overlap } from "./overlap.ts";

/** Least sides of what it looks at: those of the pictures that it was trained on. */
export const BLAZE_SIDE = 256;
/** Sides are multiples of this. */
export const BLAZE_STRIDE = 32;
/** Its two grids: pixels from cell to cell, and guesses in each cell. */
const GRIDS = [
  { stride: 16, guesses: 2 },
  { stride: BLAZE_STRIDE, guesses: 6 },
] as const;
const KEYPOINTS = 6;
const NUMBERS = 4 + 2 * KEYPOINTS;
/** Guesses that share more than this of their union are of one face. */
const SAME_FACE = 0.3;

export interface Detection {
  readonly box: Box;
  /** 0 to 1. */
  readonly score: number;
  /** Left and right eye, nose, mouth, left and right ear, as seen where the face is upright. */
  readonly keypoints: readonly Point[];
}

/** The faces that score `minScore` or more in a picture, whose sides are multiples of 32, the best first, in its pixels. */
export async function detectFaces(session: Session, picture: Image, minScore: number): Promise<Detection[]> {
  const { width, height, pixels } = picture;
  const { scores, places } = await session.run({
    picture: { shape: [1, height, width, 3], data: pixels },
  });
  return decodeBlaze(scores.data as Float32Array, places.data as Float32Array, picture, minScore);
}

/**
 * Faces from the net's numbers for a picture of this size: scores [guesses] and 16 numbers [guesses, 16] for each, offsets from
 * its cell's middle; 896 guesses for 256 x 256 pixels.
 */
export function decodeBlaze(
  scores: Float32Array,
  places: Float32Array,
  { width, height }: Size,
  minScore: number,
): Detection[] {
  const found: Detection[] = [];
  let guess = 0;
  for (const { stride, guesses } of GRIDS) {
    const columns = width / stride;
    for (let cell = 0; cell < (columns * height) / stride; cell++) {
      const x = stride * ((cell % columns) + 0.5);
      const y = stride * (Math.floor(cell / columns) + 0.5);
      for (const end = guess + guesses; guess < end; guess++) {
        if (!(scores[guess] >= minScore)) continue;
        const numbers = places.subarray(guess * NUMBERS, (guess + 1) * NUMBERS);
        found.push({ score: scores[guess], ...placeOf(numbers, x, y) });
      }
    }
  }
  return blended(found);
}

function placeOf(numbers: Float32Array, x: number, y: number): Pick<Detection, "box" | "keypoints"> {
  const [dx, dy, width, height] = numbers;
  const keypoints = Array.from({ length: KEYPOINTS }, (_, i) => ({
    x: x + numbers[4 + 2 * i],
    y: y + numbers[5 + 2 * i],
  }));
  return { box: { x: x + dx - width / 2, y: y + dy - height / 2, width, height }, keypoints };
}

/** One for each face: guesses of one face agree better together than the best of them alone (BlazeFace, Section 4). */
function blended(found: readonly Detection[]): Detection[] {
  const faces: Detection[] = [];
  let left = [...found].sort((a, b) => b.score - a.score);
  while (left.length > 0) {
    const [best] = left;
    const same = left.filter(({ box }) => overlap(box, best.box) > SAME_FACE);
    faces.push({ ...meanOf(same.length > 0 ? same : [best]), score: best.score });
    left = left.filter((one) => one !== best && !same.includes(one));
  }
  return faces;
}

function meanOf(same: readonly Detection[]): Pick<Detection, "box" | "keypoints"> {
  const total = same.reduce((sum, { score }) => sum + score, 0);
  const mean = (value: (one: Detection) => number) =>
    same.reduce((sum, one) => sum + (one.score / total) * value(one), 0);
  return {
    box: {
      x: mean(({ box }) => box.x),
      y: mean(({ box }) => box.y),
      width: mean(({ box }) => box.width),
      height: mean(({ box }) => box.height),
    },
    keypoints: same[0].keypoints.map((_, i) => ({
      x: mean(({ keypoints }) => keypoints[i].x),
      y: mean(({ keypoints }) => keypoints[i].y),
    })),
  };
}
