import fc from "fast-check";
import { expect, test } from "vitest";
import { createImage, createResampler, type Image, resizeRegion, warp } from "./index.ts";

/** One row of grey values as a picture. */
const row = (...values: number[]): Image =>
  createImage(values.length, 1, Uint8Array.from(values.flatMap((value) => [value, value, value])));

const greys = ({ pixels }: Image) => [...pixels].filter((_, i) => i % 3 === 0);

test("a box at the picture's own density is cut out exactly", () => {
  expect(greys(resizeRegion(row(10, 20, 30, 40), box(1, 2), { width: 2, height: 1 }))).toEqual([20, 30]);
});

test("what is cut out is what a resampler draws, wherever it lies", () => {
  const picture = createImage(
    9,
    7,
    Uint8Array.from({ length: 9 * 7 * 3 }, (_, i) => (i * 37) % 256),
  );
  const span = (most: number) =>
    fc
      .tuple(fc.integer({ min: -2, max: most }), fc.integer({ min: 1, max: most + 2 }))
      .map(([start, length]) => ({ start, length }));
  fc.assert(
    fc.property(span(9), span(7), (across, down) => {
      const size = { width: across.length, height: down.length };
      const cut = { x: across.start, y: down.start, ...size };
      const drawn = new Uint8Array(size.width * size.height * 3);
      createResampler(picture, cut, size)(picture.pixels, drawn);
      expect(resizeRegion(picture, cut, size).pixels).toEqual(drawn);
    }),
  );
});

test("shrinking averages what each output pixel covers, fractions included", () => {
  expect(greys(resizeRegion(row(10, 20, 30, 50), box(0, 4), { width: 2, height: 1 }))).toEqual([15, 40]);
  // Each of 2 pixels covers 1.5: (10 + 20/2) / 1.5 = 13.3 and (20/2 + 30) / 1.5 = 26.7.
  expect(greys(resizeRegion(row(10, 20, 30), box(0, 3), { width: 2, height: 1 }))).toEqual([13, 27]);
});

test("enlarging interpolates between pixel centres", () => {
  // Centres of the output at 1/4, 3/4, 5/4, 7/4; of the input at 1/2 and 3/2.
  expect(greys(resizeRegion(row(0, 100), box(0, 2), { width: 4, height: 1 }))).toEqual([0, 25, 75, 100]);
});

test("beyond the picture its edge pixels go on", () => {
  expect(greys(resizeRegion(row(10, 20), box(-2, 6), { width: 6, height: 1 }))).toEqual([
    10, 10, 10, 20, 20, 20,
  ]);
  expect(greys(resizeRegion(row(10, 20), box(-9, 2), { width: 1, height: 1 }))).toEqual([10]);
});

test("columns and rows are treated alike", () => {
  const upright = createImage(1, 3, row(10, 20, 30).pixels);
  const resized = resizeRegion(upright, { x: 0, y: 0, width: 1, height: 3 }, { width: 1, height: 2 });
  expect(greys(resized)).toEqual([13, 27]);
});

test("the mean stays when the whole picture shrinks by any factor", () => {
  const side = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(
      side,
      side,
      fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
      (inputs, outputs, values) => {
        const image = row(...Array.from({ length: inputs }, () => values.next().value as number));
        const small = resizeRegion(image, box(0, inputs), { width: Math.min(outputs, inputs), height: 1 });
        expect(Math.abs(mean(greys(small)) - mean(greys(image)))).toBeLessThanOrEqual(0.5); // rounding
      },
    ),
  );
});

test("at a scale of 1 it agrees with warp for a fractional shift", () => {
  const image = row(10, 50, 20, 90, 30);
  const warped = warp(image, { a: 1, b: 0, shiftX: -1.3, shiftY: 0 }, { width: 3, height: 1 });
  expect(resizeRegion(image, box(1.3, 3), { width: 3, height: 1 })).toEqual(warped);
});

test("a resampler serves many pictures of one size", () => {
  const resample = createResampler({ width: 4, height: 1 }, box(0, 4), { width: 2, height: 1 });
  const out = new Uint8Array(6);
  for (const [values, expected] of [
    [
      [0, 10, 20, 30],
      [5, 25],
    ],
    [
      [200, 100, 0, 0],
      [150, 0],
    ],
  ]) {
    resample(row(...values).pixels, out);
    expect([out[0], out[3]]).toEqual(expected);
  }
});

test("an empty box and an empty output are refused", () => {
  expect(() => resizeRegion(row(1, 2), box(0, 0), { width: 1, height: 1 })).toThrow("sides above 0");
  expect(() => resizeRegion(row(1, 2), box(Number.NaN, 1), { width: 1, height: 1 })).toThrow("from NaN");
  expect(() => resizeRegion(row(1, 2), box(0, 2), { width: 0, height: 1 })).toThrow("got 0 x 1");
});

/** A box one pixel high. */
function box(x: number, width: number) {
  return { x, y: 0, width, height: 1 };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
