/** What the detector sees in tiles of a photo, in the photo's pixels. */
import type { Session } from "../../math/session/index.ts";
import type { Point } from "../face/index.ts";
import { type Box, createImage, type Image, type Pyramid } from "../image/index.ts";
import { type Detection, detectFaces } from "./blazeFace.ts";
import { drawTile, type Tile } from "./tile.ts";

/** The faces of `tile` that score `minScore` or more, where it, if square, is drawn turned by so many quarters clockwise. */
export async function lookAt(
  blazeface: Session,
  pyramid: Pyramid,
  tile: Tile,
  { minScore, quarters = 0 }: { readonly minScore: number; readonly quarters?: number },
): Promise<Detection[]> {
  const found = await detectFaces(blazeface, turned(drawTile(pyramid, tile), quarters), minScore);
  const { scale, width: side } = tile;
  const place = (point: Point): Point => {
    const { x, y } = turnPoint(point, side, (4 - quarters) % 4);
    return { x: tile.x + x / scale, y: tile.y + y / scale };
  };
  return found.map(({ box, score, keypoints }) => ({
    score,
    box: between(place(box), place({ x: box.x + box.width, y: box.y + box.height })),
    keypoints: keypoints.map(place),
  }));
}

const between = (a: Point, b: Point): Box => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});

/** Where a point of a square picture is, once that is turned by so many quarters clockwise. */
function turnPoint({ x, y }: Point, side: number, quarters: number): Point {
  return quarters === 0 ? { x, y } : turnPoint({ x: side - y, y: x }, side, quarters - 1);
}

/** A square picture turned by so many quarters clockwise. */
function turned(picture: Image, quarters: number): Image {
  if (quarters === 0) return picture;
  const { width: side, pixels } = picture;
  const out = new Uint8Array(pixels.length);
  const last = side - 1;
  // Where the pixel goes that lies first, and how far on its neighbours to the right and below.
  const [start, right, down] = [
    [0, 1, side],
    [last, side, -1],
    [last * side + last, -1, -side],
    [last * side, -side, 1],
  ][quarters];
  for (let y = 0, from = 0; y < side; y++) {
    for (let x = 0, to = 3 * (start + y * down); x < side; x++, from += 3, to += 3 * right) {
      out[to] = pixels[from];
      out[to + 1] = pixels[from + 1];
      out[to + 2] = pixels[from + 2];
    }
  }
  return createImage(side, side, out);
}
