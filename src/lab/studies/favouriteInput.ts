/**
 * The input that an answer would like best: gradient ascent from a given one, held smooth by a penalty on total variation.
 * Source: Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them", CVPR 2015. Beyond the paper.
 */
import { InputError } from "../../base/errors/index.ts";
import type { SlopesAt } from "./integratedGradients.ts";

/** A picture [channels, height, width], values in [-1, 1]. */
export interface PictureShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface FavouriteOptions {
  readonly steps?: number;
  /** Root mean square of a step's change. */
  readonly rate?: number;
  /** Weight of the total variation's slope, as a share of the answer's. */
  readonly smoothness?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export const FAVOURITE_DEFAULTS = { steps: 100, rate: 0.02, smoothness: 0.5 } as const;

export interface Favourite {
  readonly picture: Float32Array;
  /** The answer before each step, and at the end [steps + 1]; fewer where no way is up. */
  readonly answers: readonly number[];
}

/** Climbs from `start`; both slopes are brought to one length before they are added, so that rates suit every net. */
export async function favouriteInput(
  start: Float32Array,
  shape: PictureShape,
  slopesAt: SlopesAt,
  options: FavouriteOptions = {},
): Promise<Favourite> {
  const { steps, rate, smoothness, onProgress, signal } = { ...FAVOURITE_DEFAULTS, ...options };
  if (start.length !== shape.channels * shape.height * shape.width) {
    throw new InputError(
      `favouriteInput: needs ${shape.channels} x ${shape.height} x ${shape.width} numbers, got ${start.length}`,
    );
  }
  const picture = Float32Array.from(start);
  const answers: number[] = [];
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const { answers: now, slopes } = await slopesAt(picture);
    answers.push(now[0]);
    if (slopes.every((slope) => slope === 0)) break; // a silent neuron: no way is up
    const climb = unit(slopes);
    const rough = unit(variationSlope(picture, shape));
    for (let i = 0; i < picture.length; i++) {
      const moved = picture[i] + rate * (climb[i] - smoothness * rough[i]);
      picture[i] = Math.max(-1, Math.min(1, moved));
    }
    onProgress?.(step + 1, steps);
  }
  answers.push((await slopesAt(picture)).answers[0]);
  return { picture, answers };
}

/** `values` with a root mean square of 1, zeros as they are. */
function unit(values: Float32Array): Float32Array {
  let sum = 0;
  for (const value of values) sum += value * value;
  const length = Math.sqrt(sum / values.length) || 1;
  return values.map((value) => value / length);
}

/** The sum of squared differences of neighbours [Mahendran and Vedaldi, β = 2]. */
export function totalVariation(picture: Float32Array, shape: PictureShape): number {
  let sum = 0;
  forNeighbours(shape, (a, b) => {
    sum += (picture[a] - picture[b]) ** 2;
  });
  return sum;
}

/** Its gradient. */
export function variationSlope(picture: Float32Array, shape: PictureShape): Float32Array {
  const slope = new Float32Array(picture.length);
  forNeighbours(shape, (a, b) => {
    const difference = 2 * (picture[a] - picture[b]);
    slope[a] += difference;
    slope[b] -= difference;
  });
  return slope;
}

function forNeighbours(
  { channels, height, width }: PictureShape,
  visit: (a: number, b: number) => void,
): void {
  for (let row = 0; row < channels * height; row++) {
    for (let x = 0; x < width; x++) {
      const at = row * width + x;
      if (x + 1 < width) visit(at, at + 1);
      if ((row + 1) % height !== 0) visit(at, at + width);
    }
  }
}
