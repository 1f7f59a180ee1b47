/** Square windows of a photo, drawn at the size that a detector takes. */
import {
  type Box,
  createImage,
  halvingsFor,
  type Image,
  type Pyramid,
  resizeRegion,
} from "../image/index.ts";

/** A square of the photo, in its pixels; what reaches beyond the photo is drawn grey. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The smallest square in the photo's top left corner that holds all of it. */
export const wholePhoto = ({ photo }: Pyramid): Tile => ({
  x: 0,
  y: 0,
  side: Math.max(photo.width, photo.height),
});

/** The tile as a picture of `side` x `side` pixels. */
export function drawTile(pyramid: Pyramid, tile: Tile, side: number): Image {
  const scale = side / tile.side; // pixels drawn for one of the photo
  const most = Math.floor(Math.log2(Math.min(pyramid.photo.width, pyramid.photo.height)));
  const halvings = Math.min(most, halvingsFor(scale));
  const { photo } = pyramid;
  const across = span(tile.x, tile.side, photo.width, scale);
  const down = span(tile.y, tile.side, photo.height, scale);
  const shrunk = 2 ** -halvings;
  const box: Box = {
    x: (tile.x + across.from / scale) * shrunk,
    y: (tile.y + down.from / scale) * shrunk,
    width: (across.length / scale) * shrunk,
    height: (down.length / scale) * shrunk,
  };
  const inside = resizeRegion(pyramid.level(halvings), box, { width: across.length, height: down.length });
  if (across.length === side && down.length === side) return inside;
  const pixels = new Uint8Array(side * side * 3).fill(GREY);
  for (let row = 0; row < down.length; row++) {
    const from = inside.pixels.subarray(row * across.length * 3, (row + 1) * across.length * 3);
    pixels.set(from, ((down.from + row) * side + across.from) * 3);
  }
  return createImage(side, side, pixels);
}

const GREY = 128;

/** Which of the pixels drawn lie on the photo, along one side. */
function span(start: number, side: number, sides: number, scale: number): { from: number; length: number } {
  const from = Math.max(0, Math.round(-start * scale));
  const end = Math.round(Math.min(side, sides - start) * scale);
  return { from, length: Math.max(1, end - from) };
}
