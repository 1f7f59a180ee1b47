/** A foreign net that asks for too much is stopped, and nobody else with it. */
import { expect, test } from "vitest";
import { DataError } from "../../base/errors/index.ts";
import { apply, constant, input, integers } from "../../math/graph/expression.ts";
import { flatten, gemm, toOnnx } from "../../math/graph/index.ts";
import { arcFaceLandmarks, type ImportedNet, regionOfLandmarks } from "../net/index.ts";
import { FOREIGN_LIMITS, tryForeign } from "./foreignTrial.ts";

const region = regionOfLandmarks("net", { width: 24, height: 24, channels: 3 }, arcFaceLandmarks(24));
const about = {
  name: "net.onnx",
  region,
  input: { name: "x", layout: "nchw", order: "rgb", mean: [127.5], scale: [128] },
} satisfies ImportedNet;
const faces = input("x", [1, 3, 24, 24]);

/** A linear map of the picture, for one that works. */
const linear = () => {
  const numbers = Float32Array.from({ length: 3 * 24 * 24 * 8 }, (_, i) => Math.sin(i * i));
  return toOnnx({ y: gemm(flatten(faces), constant(numbers, [3 * 24 * 24, 8])) });
};
/** The picture 160,000 times: 1.1 GB. */
function large() {
  const many = apply("Tile", [faces, integers([1, 1, 400, 400])], [1, 3, 9600, 9600]);
  return toOnnx({ y: flatten(apply("ReduceMean", [many, integers([2])], [1, 3, 1, 9600])) });
}

test("a net that works is told by its output", async () => {
  const tried = await tryForeign({ onnx: linear(), about });
  expect(tried).toMatchObject({ feature: "y", length: 8 });
  expect(tried.trial.separation).toBeCloseTo(0.69, 1);
});

test.each([
  ["takes too much memory", large, FOREIGN_LIMITS, /its trial run took more than 0.75 GiB of memory/],
  ["runs too long", linear, { ...FOREIGN_LIMITS, seconds: 0.01 }, /its trial run ran for more than 0.01 s/],
  [
    "computes too long",
    linear,
    { ...FOREIGN_LIMITS, cpuSeconds: 0.01 },
    /its trial run computed for more than 0.01 s/,
  ],
])("a net that %s is refused", async (_, onnx, limits, message) => {
  const failure = await tryForeign({ onnx: onnx(), about }, limits).catch((error) => error);
  expect(failure).toBeInstanceOf(DataError);
  expect(failure.message).toMatch(message);
});
