import { expect, test } from "vitest";
import { createImage, createPyramid } from "../image/index.ts";
import { drawTile, wholePhoto } from "./tile.ts";

/** A photo whose red tells the column and whose green tells the row, in the middle of a pixel. */
function ramp(width: number, height: number) {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    pixels.set(
      [(250 * ((i % width) + 0.5)) / width, (250 * (Math.floor(i / width) + 0.5)) / height, 0],
      3 * i,
    );
  }
  return createPyramid(createImage(width, height, pixels));
}
const at = ({ width, pixels }: { width: number; pixels: Uint8Array }, x: number, y: number) => [
  ...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

test("a whole photo lies in the top left corner of its tile, and the rest is grey", () => {
  const pyramid = ramp(400, 200);
  expect(wholePhoto(pyramid, 100)).toEqual({ x: 0, y: 0, scale: 1 / 4, width: 100, height: 100 });
  const drawn = drawTile(pyramid, wholePhoto(pyramid, 100));
  const [red, green] = at(drawn, 50, 25);
  expect(Math.abs(red - 126)).toBeLessThan(3);
  expect(Math.abs(green - 126)).toBeLessThan(4);
  expect(at(drawn, 50, 49)[2]).toBe(0);
  expect(at(drawn, 50, 51)).toEqual([128, 128, 128]);
});

test("a tile in the middle, at its size and enlarged, shows what lies there", () => {
  const pyramid = ramp(500, 500);
  for (const [side, x] of [
    [64, 120],
    [128, 130],
  ]) {
    const tile = { x: 100, y: 200, scale: side / 64, width: side, height: side };
    const [red, green] = at(drawTile(pyramid, tile), (side * 20) / 64, 0);
    expect(Math.abs(red - 60.3), `${x}`).toBeLessThan(2);
    expect(Math.abs(green - 100.2)).toBeLessThan(2);
  }
});

test("a tile over the photo's edges is grey where there is no photo", () => {
  const drawn = drawTile(ramp(100, 100), { x: -32, y: 68, scale: 1, width: 64, height: 48 });
  expect(at(drawn, 31, 0)).toEqual([128, 128, 128]);
  expect(at(drawn, 32, 31)).toEqual([1, 248, 0]);
  expect(at(drawn, 40, 33)).toEqual([128, 128, 128]);
  expect([drawn.width, drawn.height]).toEqual([64, 48]);
});
