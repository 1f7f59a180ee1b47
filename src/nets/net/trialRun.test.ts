import { expect, test } from "vitest";
import { WHOLE_FACE } from "../../faces/face/index.ts";
import type { FaceNet } from "./faceNet.ts";
import { cropsForTrial, tryNet } from "./trialRun.ts";

const crops = cropsForTrial(WHOLE_FACE);

/** A net that says `of(row)` of each of the drawn faces: six people, three pictures each, one after another. */
const saying = (of: (row: number) => readonly number[]): FaceNet => ({
  size: { height: 55, width: 47, channels: 3 },
  activations: new Map([["said", of(0).length]]),
  async run(given) {
    const rows = given.length / (55 * 47 * 3);
    return [Float32Array.from(Array.from({ length: rows }, (_, row) => of(row)).flat())];
  },
  rest: async () => {},
  release: async () => {},
});
const separationBy = async (of: (row: number) => readonly number[]) =>
  (await tryNet(saying(of), "said", { crops, file: "a.onnx" })).separation;
const axis = (i: number) => Array.from({ length: 18 }, (_, j) => Number(i === j));

test("separation is 1 where people lie on axes of their own, 0 where their own pictures do", async () => {
  expect(await separationBy((row) => axis(Math.floor(row / 3)))).toBe(1);
  expect(await separationBy((row) => axis(row % 3))).toBe(0);
});

test("what says the same of every face, one number, too many, or none that is finite is refused", async () => {
  const trial = (of: (row: number) => readonly number[]) => separationBy(of);
  await expect(trial(() => [1, 2])).rejects.toThrow("a.onnx: trial run: said is the same for every face");
  await expect(trial((row) => [row])).rejects.toThrow("has 1 number a face; a vector is needed");
  const long = Array.from({ length: 3000 }, (_, i) => i);
  await expect(trial((row) => long.map((i) => i + row))).rejects.toThrow(
    "has 3000 numbers a face; at most 2048",
  );
  await expect(trial((row) => [row, Number.NaN])).rejects.toThrow("is not finite");
});
