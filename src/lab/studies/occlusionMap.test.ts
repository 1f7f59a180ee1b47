import { expect, test } from "vitest";
import { occlusionMap } from "./index.ts";

const face = { width: 88, height: 104, pixels: new Uint8Array(88 * 104 * 3).fill(10) };
const covered = (pixels: Uint8Array, x: number, y: number) => pixels[3 * (y * 88 + x)] === 128;

test("a place is worth what the score loses when a block lies there", async () => {
  // The score is of one pixel alone, (31, 42), the left eye: 3 while it is seen, else 1.
  const { columns, rows, worth } = await occlusionMap(face, 3, async ({ pixels }) =>
    covered(pixels, 31, 42) ? 1 : 3,
  );
  expect([columns, rows, worth.length]).toEqual([8, 8, 64]);
  const told = worth.flatMap((value, place) =>
    value === 2 ? [[place % columns, Math.floor(place / columns)]] : [],
  );
  expect(told).toEqual([
    [2, 2],
    [3, 2],
    [2, 3],
    [3, 3],
  ]);
  expect(worth.filter((value) => value !== 0 && value !== 2)).toEqual([]);
  expect(face.pixels.every((value) => value === 10)).toBe(true);
});

test("blocks stay inside the face, and together cover all of it", async () => {
  const seen = new Uint8Array(88 * 104);
  await occlusionMap(face, 0, async ({ pixels }) => {
    expect(pixels.length).toBe(face.pixels.length);
    for (let k = 0; k < seen.length; k++) if (pixels[3 * k] === 128) seen[k] = 1;
    return 0;
  });
  expect(seen.every((value) => value === 1)).toBe(true);
});
