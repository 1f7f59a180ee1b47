import { expect, test } from "vitest";
import { createImage } from "../image/index.ts";
import { exposed } from "./exposure.ts";
import { TEMPLATE } from "./template.ts";

/** A face of which pixel i has the value `of(i)` in all channels. */
const face = (of: (i: number) => number) =>
  createImage(
    TEMPLATE.width,
    TEMPLATE.height,
    Uint8Array.from({ length: 3 * TEMPLATE.width * TEMPLATE.height }, (_, i) => of(Math.floor(i / 3))),
  );

test("a face in too little light is brought to a mean of 100, contrast and all; others stay as they are", () => {
  const dark = exposed(face((i) => (i % 2 ? 30 : 20)));
  expect([dark.pixels[0], dark.pixels[3]]).toEqual([80, 120]);
  expect(exposed(dark)).toBe(dark); // what is lit stays
  const lit = face(() => 50);
  expect(exposed(lit)).toBe(lit);
});

test("is multiplied by 8 at most, stays within bytes, and black stays black", () => {
  expect(exposed(face(() => 3)).pixels[0]).toBe(24);
  expect(exposed(face((i) => (i === 0 ? 255 : 20))).pixels[0]).toBe(255);
  const black = face(() => 0);
  expect(exposed(black)).toBe(black);
});
