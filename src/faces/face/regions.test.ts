import { expect, test } from "vitest";
import { isSymmetric, REGIONS, regionsNamed, TEMPLATE, WHOLE_FACE } from "./index.ts";

test("there are 25 regions with names of their own, the whole face first", () => {
  expect(REGIONS.length).toBe(25);
  expect(new Set(REGIONS.map(({ name }) => name)).size).toBe(25);
  expect(REGIONS[0]).toBe(WHOLE_FACE);
});

test("they are rectangles of 55 x 47 and squares of 47 x 47, in the shape of their boxes, colour and grey", () => {
  for (const { height, width, box } of REGIONS) {
    expect(width).toBe(47);
    expect([47, 55]).toContain(height);
    expect(box.height / box.width).toBeCloseTo(height / width, 1);
  }
  for (const kind of [
    { height: 55, colour: "rgb" },
    { height: 55, colour: "grey" },
    { height: 47, colour: "rgb" },
    { height: 47, colour: "grey" },
  ]) {
    expect(REGIONS).toContainEqual(expect.objectContaining(kind));
  }
});

test("they lie in the aligned frame, but for a few pixels above and below the head", () => {
  for (const { box } of REGIONS) {
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(TEMPLATE.width);
    expect(box.y).toBeGreaterThanOrEqual(-3);
    expect(box.y + box.height).toBeLessThanOrEqual(TEMPLATE.height + 3);
  }
});

test("those off the middle are on the left: the mirror image shows their right side", () => {
  for (const region of REGIONS) {
    const centre = region.box.x + region.box.width / 2;
    expect(isSymmetric(region)).toBe(!region.name.startsWith("left"));
    expect(centre).toBeLessThanOrEqual(TEMPLATE.width / 2 + 0.1);
  }
});

test("they are found by name, in the order asked for", () => {
  expect(regionsNamed(["nose", "whole-face"]).map(({ name }) => name)).toEqual(["nose", "whole-face"]);
  expect(() => regionsNamed(["nose", "chin"])).toThrow(/there is no chin; there are whole-face, /);
});
