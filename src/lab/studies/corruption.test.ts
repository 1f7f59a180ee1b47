import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { CELEBA_FRAME, fromCelebA, type Occluder, TEMPLATE, WHOLE_FACE } from "../../faces/face/index.ts";
import {
  blockOcclusion,
  blur,
  type Corruption,
  corruptedFaces,
  darkness,
  frameBlockOcclusion,
  greyBlockOcclusion,
  jpeg,
  noise,
  partialOcclusion,
} from "./corruption.ts";
import { realisticOcclusion } from "./occluder.ts";

const { width, height } = TEMPLATE;
const BYTES = width * height * 3;
const grey = (value: number) => ({ width, height, pixels: new Uint8Array(BYTES).fill(value) });
const names = ["a/a_1", "b/b_1", "c/c_1"];
const faces = {
  count: names.length,
  names,
  identities: ["a", "b", "c"],
  async readRange(first: number, count: number) {
    return Uint8Array.from({ length: count * BYTES }, (_, i) => (i * 7 + first * 13) % 251);
  },
};
const recompress = jpeg(async (face) => ({ ...face, pixels: face.pixels.map((value) => value & 0xf0) }));
const all: Corruption[] = [
  partialOcclusion,
  blockOcclusion,
  frameBlockOcclusion,
  greyBlockOcclusion,
  darkness,
  noise,
  blur,
  recompress,
];

async function apply(corruption: Corruption, level: number, value = 200): Promise<Uint8Array> {
  const face = grey(value);
  await corruption.apply(face, level, createRng(1));
  return face.pixels;
}
const blackRows = (pixels: Uint8Array) =>
  Array.from({ length: height }, (_, y) =>
    pixels.subarray(y * width * 3, (y + 1) * width * 3).every((v) => v === 0),
  );

describe("every corruption", () => {
  test("leaves the very same faces at level 0, and the ones it was given alone", async () => {
    for (const corruption of all) {
      expect(corruptedFaces(faces, corruption, { level: 0, seed: 1 })).toBe(faces);
    }
  });

  test("spoils a picture by its name, whatever is read beside it", async () => {
    for (const corruption of all) {
      const spoiled = corruptedFaces(faces, corruption, { level: corruption.levels[2], seed: 1 });
      const together = await spoiled.readRange(0, 2);
      const first = await spoiled.readRange(0, 1);
      expect(together.subarray(0, BYTES)).toEqual(first);
      expect(first).not.toEqual(await faces.readRange(0, 1));
    }
  });

  test("refuses levels that are none", async () => {
    for (const corruption of all) {
      await expect(async () => corruption.apply(grey(1), -1, createRng(1))).rejects.toThrow(InputError);
      await expect(async () => corruption.apply(grey(1), Number.NaN, createRng(1))).rejects.toThrow(
        InputError,
      );
    }
  });
});

describe("partial occlusion", () => {
  test("covers the share of the whole-face region from the bottom, and what lies below", async () => {
    for (const level of [10, 40, 70, 100]) {
      const black = blackRows(await apply(partialOcclusion, level));
      const top = Math.round(WHOLE_FACE.box.y + WHOLE_FACE.box.height * (1 - level / 100));
      expect(black).toEqual(black.map((_, y) => y >= top));
    }
  });

  test("reaches the eyes above 50 %, as in the paper's Section 7", async () => {
    const eye = Math.floor(TEMPLATE.landmarks[0].y);
    expect(blackRows(await apply(partialOcclusion, 50))[eye]).toBe(false);
    expect(blackRows(await apply(partialOcclusion, 60))[eye]).toBe(true);
  });
});

test("a block is one black square inside the whole-face region, somewhere else for each picture", async () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 30; seed++) {
    const face = grey(9);
    blockOcclusion.apply(face, 50, createRng(seed));
    const black = [...Array(width * height).keys()].filter((i) => face.pixels[3 * i] === 0);
    const side = Math.round((50 * WHOLE_FACE.box.height) / 100);
    expect(black).toHaveLength(side * side);
    const [x, y] = [black[0] % width, Math.floor(black[0] / width)];
    expect(x).toBeGreaterThanOrEqual(Math.floor(WHOLE_FACE.box.x));
    expect(x + side).toBeLessThanOrEqual(Math.ceil(WHOLE_FACE.box.x + WHOLE_FACE.box.width));
    expect(y + side).toBeLessThanOrEqual(Math.ceil(WHOLE_FACE.box.y + WHOLE_FACE.box.height));
    seen.add(`${x} ${y}`);
  }
  expect(seen.size).toBeGreaterThan(20);
});

test("a grey block lies where the black one of the same picture does", () => {
  const [black, middle] = [grey(9), grey(9)];
  blockOcclusion.apply(black, 40, createRng(5));
  greyBlockOcclusion.apply(middle, 40, createRng(5));
  expect(middle.pixels.map((value) => (value === 128 ? 0 : value))).toEqual(black.pixels);
});

test("a block of CelebA's frame covers the face by the share of it that it meets", async () => {
  const side = Math.round(fromCelebA.length(50));
  const covered = Array.from({ length: 2000 }, (_, seed) => {
    const face = grey(9);
    frameBlockOcclusion.apply(face, 50, createRng(seed));
    return face.pixels.filter((value) => value === 0).length / 3;
  });
  expect(Math.max(...covered)).toBe(side * side);
  expect(covered.filter((pixels) => pixels < side * side).length).toBeGreaterThan(400); // partly beyond the window
  // A pixel of the frame's middle is covered where the block begins at one of `side` places of those that there are, each way.
  const free = (length: number) => side / (fromCelebA.length(length) - side);
  const { x, y } = fromCelebA.point({ x: CELEBA_FRAME.width / 2, y: CELEBA_FRAME.height / 2 });
  const middle = 3 * (Math.floor(y) * width + Math.floor(x));
  let hits = 0;
  for (let seed = 0; seed < 4000; seed++) {
    const face = grey(9);
    frameBlockOcclusion.apply(face, 50, createRng(seed));
    if (face.pixels[middle] === 0) hits++;
  }
  const expected = free(CELEBA_FRAME.width) * free(CELEBA_FRAME.height); // 0.11; four standard errors of the share are 0.02
  expect(Math.abs(hits / 4000 - expected)).toBeLessThan(0.02);
});

test("blur keeps an even picture and the sum of a spot; noise has the deviation asked for; darkness divides", async () => {
  expect(await apply(blur, 8)).toEqual(grey(200).pixels);
  const face = grey(0);
  const spot = ((height >> 1) * width + (width >> 1)) * 3;
  face.pixels[spot] = 255;
  await blur.apply(face, 2, createRng(1));
  const sum = face.pixels.reduce((a, b) => a + b, 0);
  expect(Math.abs(sum - 255)).toBeLessThan(20); // rounded to bytes
  expect(face.pixels[spot]).toBeLessThan(100);
  const noisy = await apply(noise, 20, 128);
  const variance = noisy.reduce((total, value) => total + (value - 128) ** 2, 0) / noisy.length;
  expect(Math.sqrt(variance)).toBeCloseTo(20, 0);
  expect((await apply(darkness, 90))[0]).toBe(20);
});

test("an occluder lies at its anchors, with its transparency", async () => {
  // A picture as large as the frame whose anchors are the template's: it must land where it is.
  const pixels = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const alpha = i % width < 20 ? 255 : i % width < 40 ? 128 : 0;
    pixels.set([255, 0, 0, alpha], 4 * i);
  }
  const occluder: Occluder = {
    name: "test",
    kind: "eye",
    width,
    height,
    pixels,
    anchors: [...TEMPLATE.landmarks],
  };
  const other = { ...occluder, kind: "mouth" };
  const corruption = realisticOcclusion([other, occluder]);
  expect([corruption.levels, corruption.kinds]).toEqual([
    [1, 2],
    ["eye", "mouth"],
  ]);
  const face = await apply(corruption, 1, 100);
  const at = (x: number) => [...face.subarray((50 * width + x) * 3, (50 * width + x) * 3 + 3)];
  expect(at(10)).toEqual([255, 0, 0]);
  expect(at(30)).toEqual([178, 50, 50]);
  expect(at(60)).toEqual([100, 100, 100]);
  expect(() => realisticOcclusion([])).toThrow("at least one occluder");
  expect(() => realisticOcclusion([{ ...occluder, anchors: [{ x: 1, y: 1 }] }])).toThrow(
    "two anchors or more, got 1",
  );
});
