import fc from "fast-check";
import { expect, test } from "vitest";
import { createGreyResampler, createImage, GREY_STEPS, resizeRegion, toGrey } from "./index.ts";

const side = fc.integer({ min: 1, max: 12 });

test("a grey picture is resampled as a coloured one is, in finer steps", () => {
  const pictures = fc.record({ width: side, height: side }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      grey: fc.uint8Array({ minLength: size.width * size.height, maxLength: size.width * size.height }),
    }),
  );
  fc.assert(
    fc.property(pictures, side, side, ({ size, grey }, width, height) => {
      const fine = new Uint16Array(width * height);
      createGreyResampler(size, { width, height })(grey, fine);
      const colour = createImage(
        size.width,
        size.height,
        Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)]),
      );
      const { pixels } = resizeRegion(colour, { x: 0, y: 0, ...size }, { width, height });
      for (const [i, value] of fine.entries()) {
        expect(Math.abs(value / GREY_STEPS - pixels[3 * i])).toBeLessThanOrEqual(0.5 + 1 / GREY_STEPS);
      }
    }),
    { seed: 1 },
  );
});

test("an even area stays exactly even, white too", () => {
  fc.assert(
    fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (w, h, width, height, level) => {
      const fine = new Uint16Array(width * height);
      createGreyResampler({ width: w, height: h }, { width, height })(
        new Uint8Array(w * h).fill(level),
        fine,
      );
      expect(new Set(fine)).toEqual(new Set([level * GREY_STEPS]));
    }),
    { seed: 1 },
  );
});

test("grey is luma", () => {
  const grey = new Uint8Array(4);
  toGrey(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255), grey);
  expect([...grey]).toEqual([76, 150, 29, 255]);
});
