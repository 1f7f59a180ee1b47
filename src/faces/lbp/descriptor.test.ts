import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { alignFace, TEMPLATE } from "../face/index.ts";
import { createGreyResampler, mirror, toGrey } from "../image/index.ts";
import { createPopulation } from "../synthetic/index.ts";
import {
  CELL_SIDE,
  CELLS,
  createLbpDescriptor,
  LBP_LENGTH,
  PATCH_LENGTH,
  SCALES,
  sizeAt,
} from "./descriptor.ts";
import { LBP_LANDMARKS } from "./landmarks.ts";
import { BIN_OF_CODE, BINS, OTHER } from "./patterns.ts";

const { width, height } = TEMPLATE;

/** A drawn face: smooth areas, edges and hair. */
function drawnFace(): Uint8Array {
  const { image, landmarks } = createPopulation({ people: 1, picturesPerPerson: 1, seed: 3 }).picture(0, 0);
  return alignFace(image, landmarks).pixels;
}

/** Noise in `levels` grey levels from `low` on. */
function noise(seed: number, low = 0, levels = 256): Uint8Array {
  const rng = createRng(seed);
  const face = new Uint8Array(width * height * 3);
  for (let i = 0; i < face.length; i += 3) face.fill(low + rng.integer(levels), i, i + 3);
  return face;
}

function describeFace(face: Uint8Array): Uint8Array {
  const counts = new Uint8Array(LBP_LENGTH);
  createLbpDescriptor()(face, counts);
  return counts;
}

/** The descriptor straight from its definition: one pixel of one cell after the other. */
function byDefinition(face: Uint8Array): Uint8Array {
  const grey = new Uint8Array(width * height);
  toGrey(face, grey);
  const counts = new Uint8Array(LBP_LENGTH);
  for (const [s, eyes] of SCALES.entries()) {
    const size = sizeAt(eyes);
    const picture = new Uint16Array(size.width * size.height);
    createGreyResampler(TEMPLATE, size)(grey, picture);
    const at = (x: number, y: number) =>
      x >= 0 && y >= 0 && x < size.width && y < size.height ? picture[y * size.width + x] : Number.NaN;
    for (const [l, landmark] of LBP_LANDMARKS.entries()) {
      const left = Math.round((landmark.x * size.width) / width - 20);
      const top = Math.round((landmark.y * size.height) / height - 20);
      for (let y = 0; y < 40; y++) {
        for (let x = 0; x < 40; x++) {
          const cell = Math.floor(y / CELL_SIDE) * CELLS + Math.floor(x / CELL_SIDE);
          const bin = binAt(at, left + x, top + y);
          counts[((l * 5 + s) * 4 * 4 + cell) * 59 + bin]++;
        }
      }
    }
  }
  return counts;
}

const CIRCLE = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
]; // prettier-ignore

function binAt(at: (x: number, y: number) => number, x: number, y: number): number {
  const circle = CIRCLE.map(([dx, dy]) => at(x + dx, y + dy));
  if (![at(x, y), ...circle].every(Number.isFinite)) return OTHER;
  return BIN_OF_CODE[circle.reduce((code, value, k) => code + (value > at(x, y) ? 2 ** k : 0), 0)];
}

describe("the template's 21 points", () => {
  test("begin with pairs that mirror each other, and the rest lies on the middle line", () => {
    expect(LBP_LANDMARKS.length).toBe(21);
    for (let pair = 0; pair < 7; pair++) {
      const [left, right] = LBP_LANDMARKS.slice(2 * pair);
      expect([left.x + right.x, left.y]).toEqual([width, right.y]);
      expect(left.x).toBeLessThan(right.x);
    }
    expect(LBP_LANDMARKS.slice(14).every(({ x }) => x === width / 2)).toBe(true);
  });

  test("are the template's own where it has them", () => {
    const [leftEye, rightEye, nose, leftMouth, rightMouth] = TEMPLATE.landmarks;
    for (const [at, known] of [
      [0, leftEye],
      [1, rightEye],
      [17, nose],
      [12, leftMouth],
      [13, rightMouth],
    ] as const) {
      const { x, y } = LBP_LANDMARKS[at];
      expect(Math.hypot(x - known.x, y - known.y)).toBeLessThan(0.25); // the template is not quite symmetric
    }
  });

  test("lie inside the frame, from the brows down to the lower lip", () => {
    for (const { x, y } of LBP_LANDMARKS) expect(x > 10 && x < 78 && y > 30 && y < 80).toBe(true);
    const ys = LBP_LANDMARKS.slice(14).map(({ y }) => y);
    expect(ys).toEqual(ys.toSorted((a, b) => a - b));
  });
});

describe("the descriptor", () => {
  test("has 99,120 numbers, 100 pixels in each of 1,680 cells", () => {
    expect([LBP_LENGTH, PATCH_LENGTH, BINS]).toEqual([99_120, 944, 59]);
    const counts = describeFace(noise(1));
    for (let cell = 0; cell < LBP_LENGTH; cell += BINS) {
      expect(counts.subarray(cell, cell + BINS).reduce((sum, n) => sum + n, 0)).toBe(100);
    }
  });

  test("is that of its definition, on a drawn face and on noise", () => {
    for (const face of [drawnFace(), noise(2)]) expect(describeFace(face)).toEqual(byDefinition(face));
  });

  test("describes the next face as if it were the first", () => {
    const describe = createLbpDescriptor();
    const counts = new Uint8Array(LBP_LENGTH);
    for (const face of [noise(3), drawnFace()]) describe(face, counts);
    expect(counts).toEqual(describeFace(drawnFace()));
  });

  test("does not change with brightness, and hardly with contrast", () => {
    const dark = noise(4, 0, 60);
    const counts = describeFace(dark);
    expect(describeFace(dark.map((value) => value + 40))).toEqual(counts);
    const moved = describeFace(dark.map((value) => 4 * value)).map((n, i) => Math.abs(n - counts[i]));
    // Neighbours of one and the same mean come apart where they are kept in finer steps.
    expect(moved.reduce((sum, n) => sum + n, 0)).toBeLessThan(0.01 * 168_000);
  });

  test("a flat face has the flat pattern everywhere but at the border, whatever its grey", () => {
    const flat = (grey: number) => describeFace(new Uint8Array(width * height * 3).fill(grey));
    const counts = flat(77);
    const used = new Set<number>();
    for (const [i, n] of counts.entries()) if (n > 0) used.add(i % BINS);
    expect(used).toEqual(new Set([BIN_OF_CODE[0], OTHER]));
    expect(flat(255)).toEqual(counts);
  });

  test("of a mirrored face holds the same numbers in mirrored places", () => {
    const face = drawnFace();
    const counts = describeFace(face);
    const mirrored = describeFace(mirror({ width, height, pixels: face }).pixels);
    expect(mirrored).toEqual(mirroredCounts(counts));
    expect(mirroredCounts(mirrored)).toEqual(counts);
    expect(mirrored).not.toEqual(counts);
  });

  test("refuses other sizes", () => {
    const describe = createLbpDescriptor();
    expect(() => describe(new Uint8Array(12), new Uint8Array(LBP_LENGTH))).toThrow(
      "needs a face of 27456 bytes",
    );
    expect(() => describe(noise(1), new Uint8Array(10))).toThrow("got 27456 and 10");
  });
});

/** Landmarks change sides, columns of cells swap, and patterns are turned over. */
function mirroredCounts(counts: Uint8Array): Uint8Array {
  const result = new Uint8Array(LBP_LENGTH);
  const partner = LBP_LANDMARKS.map((_, l) => (l < 14 ? l ^ 1 : l));
  for (let code = 0; code < 256; code++) {
    const turned = [2, 1, 0, 7, 6, 5, 4, 3].reduce((sum, k, bit) => sum | (((code >> bit) & 1) << k), 0);
    const [from, to] = [BIN_OF_CODE[code], BIN_OF_CODE[turned]];
    for (let patch = 0; patch < 21 * 5; patch++) {
      const other = partner[Math.floor(patch / 5)] * 5 + (patch % 5);
      for (let cell = 0; cell < 16; cell++) {
        result[(other * 16 + (cell ^ 3)) * BINS + to] = counts[(patch * 16 + cell) * BINS + from];
      }
    }
  }
  return result;
}
