/**
 * Where in a photo the detector looks: at all of it, which shows it large faces, and at tiles of it at finer scales, which show it
 * those of 12 pixels between the eyes. It needs 6 of its own pixels for that.
 */
import type { Size } from "../image/index.ts";
import { BLAZE_SIDE } from "./blazeFace.ts";
import type { Tile } from "./tile.ts";

/** Pixels drawn for one of the photo at the finest scale: 12 pixels between the eyes become 6. */
const FINEST = 1 / 2;
/** Pixels drawn that neighbouring tiles share: a face of this size lies in one of them as a whole; twice as large, in a coarser one. */
const SHARED = 48;
const STRIDE = BLAZE_SIDE - SHARED;
/** Tiles of the finest scale, or so: those of a larger photo, or of a longer strip, are drawn coarser. About 2 s on two busy cores. */
const MOST_TILES = 128;
/** A finer scale is looked at where it shows this much more than the next coarser one. */
const WORTHWHILE = 1.5;

/** The photo's tiles beyond the whole of it, coarse ones first; none where its longer side is at most 768 pixels. */
export function tilesOf(photo: Size): Tile[] {
  const { width, height } = photo;
  const longer = Math.max(width, height);
  const whole = BLAZE_SIDE / longer;
  const area = Math.sqrt((MOST_TILES * STRIDE ** 2) / (width * height));
  const finest = Math.min(FINEST, area, (MOST_TILES * STRIDE) / longer);
  const scales: number[] = [];
  for (let scale = finest; scale >= WORTHWHILE * whole; scale /= 2) scales.unshift(scale);
  return scales.flatMap((scale) => tilesAt(photo, scale));
}

function tilesAt({ width, height }: Size, scale: number): Tile[] {
  const side = BLAZE_SIDE / scale;
  return startsAlong(height, side, scale).flatMap((y) =>
    startsAlong(width, side, scale).map((x) => ({ x, y, side })),
  );
}

/** Where tiles begin along one side: evenly, the last one at its end. */
function startsAlong(length: number, side: number, scale: number): number[] {
  if (length <= side) return [0];
  const steps = Math.ceil((length - side) / (STRIDE / scale));
  return Array.from({ length: steps + 1 }, (_, i) => Math.round(((length - side) * i) / steps));
}
