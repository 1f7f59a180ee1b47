import { expect, test } from "vitest";
import { createImage, createPyramid, halvingsFor, warp, warpPyramid } from "./index.ts";

const grey = (width: number, height: number, at: (x: number, y: number) => number) =>
  createImage(
    width,
    height,
    Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return at(pixel % width, Math.floor(pixel / width));
    }),
  );

test("each level has the means of four pixels of the one before, and an odd last row and column are dropped", () => {
  const photo = grey(5, 5, (x, y) => 10 * x + y);
  const pyramid = createPyramid(photo);
  const half = pyramid.level(1);
  expect([half.width, half.height]).toEqual([2, 2]);
  expect([...half.pixels].filter((_, i) => i % 3 === 0)).toEqual([6, 26, 8, 28]); // 5.5, 25.5, 7.5, 27.5 rounded
  expect(pyramid.level(2).pixels).toEqual(Uint8Array.of(17, 17, 17));
  expect(pyramid.level(0)).toBe(photo);
  expect(createPyramid(grey(1, 3, () => 7)).level(3)).toEqual(grey(1, 1, () => 7));
});

test("a photo is halved as often as it is then not enlarged", () => {
  expect([2, 1, 0.6, 0.5, 0.3, 0.25, 0.1].map(halvingsFor)).toEqual([0, 0, 0, 1, 1, 2, 3]);
});

test("warping a level gives what warping the photo gives", () => {
  const photo = grey(240, 180, (x, y) => 120 + 60 * Math.sin(x / 25) + 50 * Math.cos(y / 18));
  const transform = { a: 0.2, b: 0.07, shiftX: 3, shiftY: 1 };
  const size = { width: 40, height: 30 };
  const [direct, fast] = [warp(photo, transform, size), warpPyramid(createPyramid(photo), transform, size)];
  const apart = direct.pixels.map((value, i) => Math.abs(value - fast.pixels[i]));
  expect(Math.max(...apart)).toBeLessThanOrEqual(4);
});
