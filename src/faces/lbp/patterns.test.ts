import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BIN_OF_CODE, BINS, binPixels, OTHER } from "./patterns.ts";

/** The definition, bit by bit: neighbours clockwise from the top left, strictly brighter ones 1, two changes at most. */
function binByDefinition(grey: Uint16Array, width: number, x: number, y: number): number {
  const around = [-1, 0, 1, 1, 1, 0, -1, -1];
  const bits = around.map((dx, k) => {
    const dy = around[(k + 6) % 8]; // a quarter turn behind
    return grey[(y + dy) * width + x + dx] > grey[y * width + x] ? "1" : "0";
  });
  const uniform = Array.from({ length: 256 }, (_, code) => code).filter((code) => changes(bitsOf(code)) <= 2);
  const place = uniform.findIndex((code) => bitsOf(code).join("") === bits.join(""));
  return place === -1 ? 58 : place;
}
const bitsOf = (code: number) => Array.from({ length: 8 }, (_, k) => String((code >> k) & 1));
const changes = (bits: string[]) => bits.filter((bit, k) => bit !== bits[(k + 1) % 8]).length;

/** The bins of all pixels, the edge's as the rest of the margin. */
function binsOf(grey: Uint16Array, width: number, height: number): Uint8Array {
  const bins = new Uint8Array(grey.length).fill(OTHER);
  binPixels(grey, { width, height }, bins, { at: 0, stride: width });
  return bins;
}

const pictures = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      // Few levels, so that equal neighbours are common.
      grey: fc
        .array(fc.integer({ min: 0, max: 5 }), { minLength: width * height, maxLength: width * height })
        .map((values) => Uint16Array.from(values, (value) => 800 * value)),
    }),
  );

describe("uniform patterns", () => {
  test("58 have a bin each and 198 share the last", () => {
    expect(new Set(BIN_OF_CODE).size).toBe(BINS);
    expect(BIN_OF_CODE.filter((bin) => bin === OTHER).length).toBe(256 - 58);
    expect([BIN_OF_CODE[0], BIN_OF_CODE[1], BIN_OF_CODE[0b101], BIN_OF_CODE[255]]).toEqual([0, 1, OTHER, 57]);
  });

  test("a spot, a hole, an edge and a flat area have the codes worked by hand", () => {
    const centre = (grey: number[]) => binsOf(Uint16Array.from(grey), 3, 3)[4];
    expect(centre([1, 1, 1, 1, 9, 1, 1, 1, 1])).toBe(BIN_OF_CODE[0]);
    expect(centre([9, 9, 9, 9, 1, 9, 9, 9, 9])).toBe(BIN_OF_CODE[255]);
    expect(centre([5, 5, 5, 5, 5, 5, 5, 5, 5])).toBe(BIN_OF_CODE[0]);
    expect(centre([9, 9, 9, 1, 1, 1, 1, 1, 1])).toBe(BIN_OF_CODE[0b00000111]);
    expect(centre([1, 9, 1, 9, 1, 9, 1, 9, 1])).toBe(OTHER);
  });

  test("every pixel has the bin of the definition, and the edge is left as it was", () => {
    fc.assert(
      fc.property(pictures, ({ width, height, grey }) => {
        const bins = binsOf(grey, width, height);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const inside = x > 0 && y > 0 && x < width - 1 && y < height - 1;
            expect(bins[y * width + x]).toBe(inside ? binByDefinition(grey, width, x, y) : OTHER);
          }
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("bins do not change under a change of grey levels that keeps their order", () => {
    const levels = fc.uniqueArray(fc.integer({ min: 0, max: 65_535 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(pictures, levels, ({ width, height, grey }, unsorted) => {
        const rising = unsorted.sort((a, b) => a - b);
        const changed = grey.map((value) => rising[value / 800]);
        expect(binsOf(changed, width, height)).toEqual(binsOf(grey, width, height));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("bins are written with the stride and from the place asked for", () => {
    const grey = Uint16Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0);
    const bins = new Uint8Array(5 * 5).fill(99);
    binPixels(grey, { width: 3, height: 3 }, bins, { at: 6, stride: 5 });
    expect([bins[12], bins.filter((bin) => bin === 99).length]).toEqual([0, 24]);
  });
});
