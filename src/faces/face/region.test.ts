import { expect, test } from "vitest";
import { mirror, resizeRegion } from "../image/index.ts";
import { cropRegion, cropSize, type Region, TEMPLATE, WHOLE_FACE } from "./index.ts";

const { width, height } = TEMPLATE;

/** Red is the column, green the row, blue 0. */
const coordinates = {
  width,
  height,
  pixels: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % width, Math.floor(pixel / width), 0][i % 3];
  }),
};

/** The template's own pixels from (8, 16), at their own density. */
const window: Region = {
  name: "window",
  box: { x: 8, y: 16, width: 20, height: 10 },
  width: 20,
  height: 10,
  colour: "rgb",
};

test("a region at the template's density is cut out exactly, its margin too", () => {
  const at = (crop: Uint8Array, side: number, x: number, y: number) => [
    ...crop.subarray((y * side + x) * 3).subarray(0, 3),
  ];
  const crop = cropRegion(coordinates, window);
  expect(crop.length).toBe(20 * 10 * 3);
  expect(at(crop, 20, 0, 0)).toEqual([8, 16, 0]);
  expect(at(crop, 20, 19, 9)).toEqual([27, 25, 0]);
  const wider = cropRegion(coordinates, window, 5);
  expect(wider.length).toBe(30 * 20 * 3);
  expect(at(wider, 30, 0, 0)).toEqual([3, 11, 0]);
  expect(at(wider, 30, 5, 5)).toEqual([8, 16, 0]);
});

test("a margin beyond the frame repeats the frame's edge", () => {
  const crop = cropRegion(coordinates, window, 10);
  expect([...crop.subarray(0, 9)]).toEqual([0, 6, 0, 0, 6, 0, 0, 6, 0]); // x = -2, -1 and 0
});

test("the middle of a crop with margin is the crop without", () => {
  const { width: inner } = cropSize(WHOLE_FACE);
  const { width: outer } = cropSize(WHOLE_FACE, 4);
  const crop = cropRegion(coordinates, WHOLE_FACE);
  const wider = cropRegion(coordinates, WHOLE_FACE, 4);
  for (let y = 0; y < WHOLE_FACE.height; y++) {
    for (let i = 0; i < inner * 3; i++) {
      const difference = wider[((y + 4) * outer + 4) * 3 + i] - crop[y * inner * 3 + i];
      expect(Math.abs(difference)).toBeLessThanOrEqual(1); // a value halfway between two bytes may round either way
    }
  }
});

test("the whole face is 55 x 47 RGB and reaches from brow to chin", () => {
  expect(cropSize(WHOLE_FACE)).toEqual({ height: 55, width: 47, channels: 3 });
  const { box } = WHOLE_FACE;
  // The window x 40 to 138, y 60.5 to 175.5 of CelebA's frame, whose own window begins at (21, 46).
  expect(box.x).toBeCloseTo(19 * 0.647, 1);
  expect(box.y).toBeCloseTo(14.5 * 0.647, 1);
  expect(box.width).toBeCloseTo(98 * 0.647, 1);
  expect(box.height).toBeCloseTo(115 * 0.647, 1);
  for (const { x, y } of TEMPLATE.landmarks) {
    expect(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height).toBe(true);
  }
});

test("a crop is what resizeRegion makes of the region's box", () => {
  const { pixels } = resizeRegion(coordinates, WHOLE_FACE.box, WHOLE_FACE);
  expect(cropRegion(coordinates, WHOLE_FACE)).toEqual(pixels);
});

test("a grey region has one channel, weighted by luma", () => {
  const plain = (rgb: readonly number[]) => ({
    width,
    height,
    pixels: Uint8Array.from({ length: width * height * 3 }, (_, i) => rgb[i % 3]),
  });
  const grey = { ...window, colour: "grey" } as const;
  expect(cropSize(grey, 2)).toEqual({ height: 14, width: 24, channels: 1 });
  for (const [rgb, luma] of [
    [[255, 0, 0], 76],
    [[0, 255, 0], 150],
    [[0, 0, 255], 29],
    [[255, 255, 255], 255],
  ] as [number[], number][]) {
    const crop = cropRegion(plain(rgb), grey, 2);
    expect(crop.length).toBe(14 * 24);
    expect(new Set(crop)).toEqual(new Set([luma]));
  }
});

test("the crop of a mirrored face is the mirrored crop where the region is symmetric", () => {
  const symmetric: Region = { ...window, box: { ...window.box, x: (width - 20) / 2 } };
  const crop = cropRegion(coordinates, symmetric);
  const mirrored = cropRegion(mirror(coordinates), symmetric);
  expect(mirror({ width: 20, height: 10, pixels: crop }).pixels).toEqual(mirrored);
});

test("a face of another size and a broken margin are refused", () => {
  const small = { width: 2, height: 2, pixels: new Uint8Array(12) };
  expect(() => cropRegion(small, WHOLE_FACE)).toThrow("88 x 104 pixels, got 2 x 2");
  expect(() => cropRegion(coordinates, WHOLE_FACE, -1)).toThrow("got -1");
  expect(() => cropRegion(coordinates, WHOLE_FACE, 0.5)).toThrow("got 0.5");
});
