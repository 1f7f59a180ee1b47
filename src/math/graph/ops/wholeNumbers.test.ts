import { expect, test } from "vitest";
import { evaluate } from "../../../../test/support/evaluate.ts";
import { total } from "../../../../test/support/float64.ts";
import { createRng } from "../../../base/random/index.ts";
import { constant, input } from "../expression.ts";
import { gradient } from "../gradient.ts";
import { sum } from "./reduce.ts";
import { type Bytes, convolveBytes, poolBytes, toFloats } from "./wholeNumbers.ts";

const rng = createRng(4);
const [N, CHANNELS, HEIGHT, WIDTH, MAPS, KERNEL] = [2, 3, 6, 5, 4, 3];
const SIZE = N * CHANNELS * HEIGHT * WIDTH;
const pixels = Uint8Array.from({ length: SIZE }, () => rng.integer(256));
const weights = {
  whole: Int8Array.from({ length: MAPS * CHANNELS * KERNEL ** 2 }, () => rng.integer(127) - 63),
  scales: Float32Array.from({ length: MAPS }, () => 0.005 + 0.01 * rng.uniform()),
  bias: Float32Array.from({ length: MAPS }, () => rng.normal()),
  kernel: KERNEL,
};
const x: Bytes = { values: constant(pixels, [N, CHANNELS, HEIGHT, WIDTH]), scale: 1 / 127.5, zero: 128 };
const STEP = 0.01;

/** One output by plain loops, in floats. */
function twin(zero: number, n: number, o: number, y: number, x0: number): number {
  const products = total(CHANNELS * KERNEL ** 2, (i) => {
    const [c, dy, dx] = [Math.floor(i / KERNEL ** 2), Math.floor(i / KERNEL) % KERNEL, i % KERNEL];
    const pixel = pixels[((n * CHANNELS + c) * HEIGHT + y + dy) * WIDTH + x0 + dx];
    return ((pixel - zero) / 127.5) * weights.whole[o * CHANNELS * KERNEL ** 2 + i] * weights.scales[o];
  });
  return Math.min(255 * STEP, Math.max(0, products + weights.bias[o]));
}

test.each([128, 127.5])(
  "a convolution of bytes is that of the numbers they stand for, to a step: zero %d",
  async (zero) => {
    const { y } = await evaluate({ y: toFloats(convolveBytes({ ...x, zero }, weights, STEP)) });
    const [h, w] = [HEIGHT - KERNEL + 1, WIDTH - KERNEL + 1];
    expect(y.shape).toEqual([N, MAPS, h, w]);
    const values = Array.from(y.data, Number);
    const expected = values.map((_, i) =>
      twin(
        zero,
        Math.floor(i / (MAPS * h * w)),
        Math.floor(i / (h * w)) % MAPS,
        Math.floor(i / w) % h,
        i % w,
      ),
    );
    const worst = Math.max(...values.map((value, i) => Math.abs(value - expected[i])));
    expect(worst).toBeLessThan(STEP);
    expect(new Set(values).size).toBeGreaterThan(20);
    expect(values).toContain(0);
  },
);

test("pooled bytes are the largest of each window, without an odd last row or column", async () => {
  const [maps, h, w] = [CHANNELS, HEIGHT / 2, Math.floor(WIDTH / 2)];
  const { y } = await evaluate({ y: poolBytes(x).values });
  expect(y.shape).toEqual([N, maps, h, w]);
  const at = (plane: number, row: number, column: number) => pixels[(plane * HEIGHT + row) * WIDTH + column];
  const expected = Array.from({ length: N * maps * h * w }, (_, i) => {
    const [plane, row, column] = [Math.floor(i / (h * w)), 2 * (Math.floor(i / w) % h), 2 * (i % w)];
    return Math.max(
      ...[0, 1].flatMap((down) => [0, 1].map((right) => at(plane, row + down, column + right))),
    );
  });
  expect(Array.from(y.data, Number)).toEqual(expected);
});

test("what does not fit is refused with both shapes", () => {
  expect(() => convolveBytes(x, { ...weights, kernel: 2 }, STEP)).toThrow(
    "convolveBytes: 108 weights of 4 maps and kernels of 2 do not fit uint8 [2, 3, 6, 5]",
  );
});

test("no gradient flows through bytes", () => {
  const face = input("face", [N, CHANNELS, HEIGHT, WIDTH], "uint8");
  const y = toFloats(poolBytes(convolveBytes({ ...x, values: face }, weights, STEP)));
  expect(() => gradient(sum(y), [face])).toThrow("DequantizeLinear");
});
