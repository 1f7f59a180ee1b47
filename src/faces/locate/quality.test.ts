import { expect, test } from "vitest";
import { alignFace, TEMPLATE } from "../face/index.ts";
import { createImage, resizeRegion } from "../image/index.ts";
import { createPopulation } from "../synthetic/index.ts";
import { eyeDistanceOf, sharpnessOf } from "./index.ts";

const [{ image, landmarks }] = createPopulation({ people: 1, picturesPerPerson: 1, seed: 9 });
const face = alignFace(image, landmarks);
const { width, height } = TEMPLATE;

test("the smaller a face was taken, the less detail it has once it is enlarged", () => {
  const sharpness = [1, 2, 4, 8].map((factor) => {
    const size = { width: width / factor, height: height / factor };
    const small = resizeRegion(face, { x: 0, y: 0, width, height }, size);
    return sharpnessOf(resizeRegion(small, { x: 0, y: 0, ...size }, { width, height }));
  });
  expect(sharpness).toEqual([...sharpness].sort((a, b) => b - a));
  expect(sharpness[0]).toBeGreaterThan(3 * sharpness[3]);
});

test("contrast and brightness do not count", () => {
  const pale = createImage(
    width,
    height,
    Uint8Array.from(face.pixels, (value) => 60 + value / 2),
  );
  expect(sharpnessOf(pale)).toBeCloseTo(sharpnessOf(face), 1);
});

test("a face of one grey has no detail", () => {
  expect(sharpnessOf(createImage(width, height, new Uint8Array(width * height * 3).fill(90)))).toBe(0);
});

test("the eyes of the template are 25 pixels apart", () => {
  expect(eyeDistanceOf(TEMPLATE.landmarks)).toBeCloseTo(25.2, 1);
});
