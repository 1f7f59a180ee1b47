import { expect, test } from "vitest";
import { cutOffOf, mapLandmarks, TEMPLATE } from "./index.ts";

const shifted = (x: number, y: number, turn = 1) =>
  mapLandmarks(TEMPLATE.landmarks, (point) => ({ x: turn * point.x + x, y: turn * point.y + y }));

test("a face in the middle of its photo is not cut off, upside down neither", () => {
  expect(cutOffOf(shifted(100, 100), { width: 300, height: 300 })).toBe(0);
  expect(cutOffOf(shifted(200, 200, -1), { width: 300, height: 300 })).toBe(0);
});

test("the share that lies beyond a border is told", () => {
  const half = cutOffOf(shifted(-TEMPLATE.width / 2, 0), { width: 300, height: 300 });
  expect(half).toBeCloseTo(0.5, 1);
  expect(cutOffOf(shifted(0, 150), { width: 300, height: 150 + 0.28 * TEMPLATE.height })).toBeGreaterThan(
    0.95,
  );
  expect(cutOffOf(shifted(1000, 0), { width: 300, height: 300 })).toBe(1);
});
