/**
 * Where in a photo the detector looks: at all of it, which shows it large faces, and at tiles of it at finer scales, which show it
 * those of 12 pixels between the eyes. It needs 6 of its own pixels for that.
 */
import type { Size } from "../image/index.ts";
import { BLAZE_SIDE, BLAZE_STRIDE } from "./blazeFace.ts";
import type { Tile } from "./tile.ts";

/** Pixels drawn for one of the photo at the finest scale: 12 pixels between the eyes become 6. */
const FINEST = 1 / 2;
/** Pixels drawn that neighbouring tiles share: a face of 48 lies in one of them as a whole; twice as large, in a coarser one. */
const SHARED = 49;
/** Longest side of a tile. Few large ones share fewer pixels than many small ones; one for all would leave a core idle. */
const LONGEST = 544;
/** Pixels drawn at the finest scale, or so: a larger photo, or a longer strip, is drawn coarser. About 2 s on two busy cores. */
const MOST_PIXELS = 5_500_000;
/** A finer scale is looked at where it shows this much more than the next coarser one. */
const WORTHWHILE = 1.5;

/** The photo's tiles beyond the whole of it, coarse ones first; none where its longer side is at most 768 pixels. */
export function tilesOf(photo: Size): Tile[] {
  const { width, height } = photo;
  const longer = Math.max(width, height);
  const whole = BLAZE_SIDE / longer;
  const area = Math.sqrt(MOST_PIXELS / (width * height));
  const finest = Math.min(FINEST, area, MOST_PIXELS / BLAZE_SIDE / longer);
  const scales: number[] = [];
  for (let scale = finest; scale >= WORTHWHILE * whole; scale /= 2) scales.unshift(scale);
  return scales.flatMap((scale) => tilesAt(photo, scale));
}

function tilesAt(photo: Size, scale: number): Tile[] {
  const across = alongSide(photo.width * scale);
  const down = alongSide(photo.height * scale);
  return down.starts.flatMap((y) =>
    across.starts.map((x) => ({
      x: x / scale,
      y: y / scale,
      scale,
      width: across.side,
      height: down.side,
    })),
  );
}

/**
 * Side of the tiles along `length` pixels drawn, and where they begin there: evenly, the last one at its end, and on whole pixels, so
 * that a tile at half of the photo's size, or a quarter, is cut out of the halved photo as it is.
 */
function alongSide(length: number): { readonly side: number; readonly starts: readonly number[] } {
  const tiles = Math.max(1, Math.ceil((length - SHARED) / (LONGEST - SHARED)));
  const needed = (length + (tiles - 1) * SHARED) / tiles;
  const side = Math.max(BLAZE_SIDE, BLAZE_STRIDE * Math.ceil(needed / BLAZE_STRIDE));
  const last = Math.max(0, length - side);
  const starts = Array.from({ length: tiles }, (_, i) =>
    tiles === 1 ? 0 : Math.round((last * i) / (tiles - 1)),
  );
  return { side, starts };
}
