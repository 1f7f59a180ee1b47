import { describe, expect, test } from "vitest";
import { TINY } from "../../../test/support/tinyTraining.ts";
import { createRng } from "../../base/random/index.ts";
import { augment } from "./augment.ts";
import type { Training } from "./config.ts";

const [HEIGHT, WIDTH, MARGIN] = [21, 17, 4];
const GRADIENT = 6;

/** One grey picture whose values rise by 6 a pixel to the right: where it is turned or scaled, so is the slope. */
function slope() {
  const [height, width] = [HEIGHT + 2 * MARGIN, WIDTH + 2 * MARGIN];
  const crops = Uint8Array.from({ length: height * width }, (_, at) => 30 + GRADIENT * (at % width));
  return { crops, margin: MARGIN, identities: Int32Array.of(0, 0), people: 1 };
}

const training = (augmentation: Partial<Training["augmentation"]>): Training => ({
  ...TINY,
  net: { ...TINY.net, height: HEIGHT, width: WIDTH, channels: 1 },
  augmentation: { shift: 0, mirror: false, light: 0, ...augmentation },
});

/** The slope that each of 200 variants shows around its middle, to the right and down, and the value there. */
function shown(augmentation: Partial<Training["augmentation"]>) {
  const rows = Array<number>(200).fill(0);
  const pixels = augment(slope(), rows, training(augmentation), createRng(3));
  return rows.map((_, i) => {
    const at = (y: number, x: number) => pixels[(i * HEIGHT + y) * WIDTH + x];
    const [y, x] = [(HEIGHT - 1) / 2, (WIDTH - 1) / 2];
    return {
      right: (at(y, x + 4) - at(y, x - 4)) / 8,
      down: (at(y + 4, x) - at(y - 4, x)) / 8,
      middle: at(y, x),
    };
  });
}

const MIDDLE = 30 + GRADIENT * (MARGIN + (WIDTH - 1) / 2);

describe("variants of a face", () => {
  test("are scaled by up to the share asked for, larger and smaller, around their middle", () => {
    const variants = shown({ scale: 0.2 });
    for (const { right, down, middle } of variants) {
      expect(right).toBeGreaterThan(GRADIENT / 1.2 - 0.2);
      expect(right).toBeLessThan(GRADIENT * 1.2 + 0.2);
      expect(down).toBe(0);
      expect(middle).toBe(MIDDLE);
    }
    const slopes = variants.map(({ right }) => right);
    expect(Math.min(...slopes)).toBeLessThan(GRADIENT / 1.15);
    expect(Math.max(...slopes)).toBeGreaterThan(GRADIENT * 1.15);
  });

  test("are turned by up to the angle asked for, either way, and keep their size", () => {
    const variants = shown({ rotation: 20 });
    const angles = variants.map(({ right, down }) => (Math.atan2(-down, right) * 180) / Math.PI);
    for (const { right, down } of variants) expect(Math.hypot(right, down)).toBeCloseTo(GRADIENT, 0);
    expect(Math.min(...angles)).toBeGreaterThan(-22);
    expect(Math.max(...angles)).toBeLessThan(22);
    expect(Math.min(...angles)).toBeLessThan(-15);
    expect(Math.max(...angles)).toBeGreaterThan(15);
  });

  test("are the crop itself where nothing is asked for", () => {
    for (const variant of shown({ scale: 0, rotation: 0 })) {
      expect(variant).toEqual({ right: GRADIENT, down: 0, middle: MIDDLE });
    }
  });

  test("show the mirrored face for half of them, turned or not", () => {
    for (const rotation of [0, 5]) {
      const mirrored = shown({ mirror: true, rotation }).filter(({ right }) => right < 0).length;
      expect(mirrored).toBeGreaterThan(70);
      expect(mirrored).toBeLessThan(130);
    }
  });
});
