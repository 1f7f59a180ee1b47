/** Windows of a photo, drawn at the size that a detector takes. */
import {
  type Box,
  createImage,
  halvingsFor,
  type Image,
  type Pyramid,
  resizeRegion,
  type Size,
} from "../image/index.ts";

/** A rectangle of the photo, whose corner is at `x`, `y` there; what reaches beyond the photo is drawn grey. */
export interface Tile extends Size {
  readonly x: number;
  readonly y: number;
  /** Pixels drawn for one of the photo; `width` and `height` are pixels drawn. */
  readonly scale: number;
}

/** The smallest square in the photo's top left corner that holds all of it, drawn with sides of so many pixels. */
export const wholePhoto = ({ photo }: Pyramid, side: number): Tile => ({
  x: 0,
  y: 0,
  scale: side / Math.max(photo.width, photo.height),
  width: side,
  height: side,
});

/** The tile as a picture of its size. */
export function drawTile(pyramid: Pyramid, tile: Tile): Image {
  const { photo } = pyramid;
  const { scale, width, height } = tile;
  const most = Math.floor(Math.log2(Math.min(photo.width, photo.height)));
  const halvings = Math.min(most, halvingsFor(scale));
  const across = span({ start: tile.x, drawn: width, end: photo.width, scale });
  const down = span({ start: tile.y, drawn: height, end: photo.height, scale });
  const shrunk = 2 ** -halvings;
  const box: Box = {
    x: (tile.x + across.from / scale) * shrunk,
    y: (tile.y + down.from / scale) * shrunk,
    width: (across.length / scale) * shrunk,
    height: (down.length / scale) * shrunk,
  };
  const inside = resizeRegion(pyramid.level(halvings), box, { width: across.length, height: down.length });
  if (across.length === width && down.length === height) return inside;
  const pixels = new Uint8Array(width * height * 3).fill(GREY);
  for (let row = 0; row < down.length; row++) {
    const from = inside.pixels.subarray(row * across.length * 3, (row + 1) * across.length * 3);
    pixels.set(from, ((down.from + row) * width + across.from) * 3);
  }
  return createImage(width, height, pixels);
}

const GREY = 128;

interface Along {
  /** Where the tile begins and the photo ends, in pixels of the photo. */
  readonly start: number;
  readonly end: number;
  readonly drawn: number;
  readonly scale: number;
}

/** Which of the pixels drawn lie on the photo, along one side. */
function span({ start, drawn, end, scale }: Along): { from: number; length: number } {
  const from = Math.max(0, Math.round(-start * scale));
  const to = Math.round(Math.min(drawn, (end - start) * scale));
  return { from, length: Math.max(1, to - from) };
}
