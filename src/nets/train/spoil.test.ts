import { describe, expect, test } from "vitest";
import { noiseFaces, TINY } from "../../../test/support/tinyTraining.ts";
import { createRng } from "../../base/random/index.ts";
import { createBatches } from "./batches.ts";
import type { Training } from "./config.ts";
import { spoil } from "./spoil.ts";

const SIDES = { height: 20, width: 16, channels: 3 } as const;
const SIZE = 20 * 16 * 3;
const spoilt = (augmentation: Partial<Training["augmentation"]>): Training => ({
  ...TINY,
  net: { ...TINY.net, ...SIDES },
  augmentation: { ...TINY.augmentation, ...augmentation },
});

/** Crops of noise. */
const noise = (count: number) => {
  const rng = createRng(3);
  return Uint8Array.from({ length: count * SIZE }, () => 1 + rng.integer(255));
};

describe("spoilt crops", () => {
  test("are covered by one rectangle, of the sizes said, in about the share asked for", () => {
    const before = noise(400);
    const after = before.slice();
    spoil(after, spoilt({ erase: 0.5 }), createRng(1));
    const shares: number[] = [];
    for (let i = 0; i < 400; i++) {
      const changed = Array.from({ length: 20 * 16 }, (_, at) => at).filter((at) =>
        [0, 1, 2].some((c) => before[i * SIZE + 3 * at + c] !== after[i * SIZE + 3 * at + c]),
      );
      if (changed.length === 0) continue;
      const [rows, columns] = [changed.map((at) => Math.floor(at / 16)), changed.map((at) => at % 16)];
      const side = (list: number[]) => Math.max(...list) - Math.min(...list) + 1;
      const area = side(rows) * side(columns);
      expect(changed.length).toBeGreaterThan(0.95 * area); // equal by chance here and there
      shares.push(area / 320);
    }
    expect(shares.length).toBeGreaterThan(160);
    expect(shares.length).toBeLessThan(240);
    expect(Math.min(...shares)).toBeGreaterThan(0.02);
    expect(Math.max(...shares)).toBeLessThan(0.3);
    expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.15);
  });

  test("are blurred as 1 2 1 blurs, up to the edge, and plain ones stay as they are", () => {
    const dot = new Uint8Array(SIZE);
    dot[(5 * 16 + 7) * 3 + 1] = 160;
    const plain = new Uint8Array(SIZE).fill(77);
    for (const crop of [dot, plain]) spoil(crop, spoilt({ blur: 1 }), createRng(1));
    expect(new Set(plain)).toEqual(new Set([77]));
    const at = (y: number, x: number, c: number) => dot[(y * 16 + x) * 3 + c];
    expect([at(5, 7, 1), at(4, 7, 1), at(5, 8, 1), at(6, 6, 1), at(5, 9, 1), at(5, 7, 0)]).toEqual([
      40, 20, 20, 10, 0, 0,
    ]);
  });

  test("leave a batch as it was where none are asked for", () => {
    const faces = noiseFaces();
    const plain = createBatches(faces, TINY)(2);
    const none = { ...TINY, augmentation: { ...TINY.augmentation, erase: 0, blur: 0 } };
    const some = { ...TINY, augmentation: { ...TINY.augmentation, erase: 1 } };
    expect(createBatches(faces, none)(2)).toEqual(plain);
    expect(createBatches(faces, some)(2)).not.toEqual(plain);
    expect(createBatches(faces, some)(2)).toEqual(createBatches(faces, some)(2));
  });
});
