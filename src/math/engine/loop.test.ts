import { describe, expect, test } from "vitest";
import { add, input, mul, scale, toOnnx } from "../graph/index.ts";
import { createLoop } from "./index.ts";

const numbers = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) });

/** x ← x + step, y ← 2 y; tells x · y as it was. */
const counting = () => {
  const [x, y, step] = [input("x", [2]), input("y", [2]), input("step", [2])];
  return toOnnx({ "next.x": add(x, step), "next.y": scale(y, 2), product: mul(x, y) });
};

describe("a loop", () => {
  test("gives each run what the last one left, and tells what is no state", async () => {
    const loop = await createLoop(counting(), { x: numbers(0, 1), y: numbers(1, 1) });
    const told: number[][] = [];
    for (let i = 0; i < 4; i++) {
      const product = numbers(0, 0);
      await loop.run({ step: numbers(1, 10) }, { product });
      told.push([...product.data].map(Number));
    }
    expect(told).toEqual([
      [0, 1],
      [2, 22],
      [8, 84],
      [24, 248],
    ]);
    expect(await loop.state()).toEqual({ x: numbers(4, 41), y: numbers(16, 16) });
    await loop.release();
  });

  test("starts from what it is given, whatever its results were", async () => {
    const first = { x: numbers(5, 6), y: numbers(7, 8) };
    const loop = await createLoop(counting(), first);
    expect(await loop.state()).toEqual({ x: numbers(5, 6), y: numbers(7, 8) });
    await loop.release();
  });

  test("refuses a state that is not the graph's", async () => {
    await expect(createLoop(counting(), { x: numbers(0, 0) }, {}, "counting")).rejects.toThrow(
      "counting: the state lacks y",
    );
    await expect(
      createLoop(counting(), { x: numbers(0, 0), y: numbers(0, 0), step: numbers(1, 1) }, {}, "counting"),
    ).rejects.toThrow("counting: step has no next value, so it is no state");
  });

  test("refuses feeds of another shape, and goes on afterwards", async () => {
    const loop = await createLoop(counting(), { x: numbers(0, 0), y: numbers(1, 1) }, {}, "counting");
    const product = numbers(0, 0);
    await expect(loop.run({ step: numbers(1) }, { product })).rejects.toThrow("counting: input step");
    await loop.run({ step: numbers(1, 2) }, { product });
    expect((await loop.state()).x).toEqual(numbers(1, 2));
    await loop.release();
  });
});
