import { expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import {
  add,
  batchedMatmul,
  concat,
  constant,
  conv2d,
  type Expr,
  equal,
  exp,
  expand,
  gemm,
  greater,
  input,
  max,
  maxPool,
  mean,
  mul,
  pad,
  patches,
  reshape,
  scalar,
  slice,
  sqrt,
  sub,
  sum,
  sumTo,
  transpose,
  where,
} from "./index.ts";

const of = (...shape: number[]) => input(`of ${shape.join("x")}`, shape);
const bytes = input("bytes", [2, 2], "uint8");

/** What is refused when the expression is built, and what its message must name. */
const REFUSED: readonly (readonly [message: string, build: () => Expr])[] = [
  ["add: shapes [2, 3] and [2] do not broadcast", () => add(of(2, 3), of(2))],
  ["sub: shapes [2] and [3] do not broadcast", () => sub(of(2), of(3))],
  ["greater: shapes [4, 1, 2] and [3, 3] do not broadcast", () => greater(of(4, 1, 2), of(3, 3))],
  ["where: shapes [2] and [3] do not broadcast", () => where(greater(of(3), scalar(0)), of(2), of(2))],
  ["reshape: [2, 3] has 6 values, [4] 4", () => reshape(of(2, 3), [4])],
  ["transpose: [0, 0] is no permutation of the axes of [2, 3]", () => transpose(of(2, 3), [0, 0])],
  ["slice: 1 to 4 is not inside axis 1 of [2, 3]", () => slice(of(2, 3), [1], [1], [4])],
  ["slice: 2 to 2 is not inside axis 0 of [2, 3]", () => slice(of(2, 3), [0], [2], [2])],
  ["slice: 0 to 1 is not inside axis 2 of [2, 3]", () => slice(of(2, 3), [2], [0], [1])],
  ["pad: [1] before and [0, 0] after do not fit [2, 3]", () => pad(of(2, 3), [1], [0, 0])],
  ["pad: [0, 0] before and [0, -1] after do not fit [2, 3]", () => pad(of(2, 3), [0, 0], [0, -1])],
  ["concat: float32 [2, 2] does not join float32 [2, 3] along axis 0", () => concat([of(2, 3), of(2, 2)], 0)],
  ["concat: float32 [2, 3] does not join float32 [2, 3] along axis 2", () => concat([of(2, 3)], 2)],
  ["concat: uint8 [2, 2] does not join float32 [2, 2] along axis 0", () => concat([of(2, 2), bytes], 0)],
  ["gemm: [2, 3] × [2, 3] do not multiply", () => gemm(of(2, 3), of(2, 3))],
  ["gemm: [2, 3]ᵀ × [3, 3]ᵀ do not multiply", () => gemm(of(2, 3), of(3, 3), { transA: true, transB: true })],
  ["gemm: [2, 3, 1] × [3, 2] do not multiply", () => gemm(of(2, 3, 1), of(3, 2))],
  ["batchedMatmul: [2, 3, 4] × [3, 4, 5] do not multiply", () => batchedMatmul(of(2, 3, 4), of(3, 4, 5))],
  ["batchedMatmul: [3, 4] × [3, 4, 5] do not multiply", () => batchedMatmul(of(3, 4), of(3, 4, 5))],
  ["conv2d: [4, 2, 3, 3] and bias [] do not fit [1, 3, 8, 8]", () => conv2d(of(1, 3, 8, 8), of(4, 2, 3, 3))],
  ["conv2d: [4, 3, 3, 2] and bias [] do not fit [1, 3, 8, 8]", () => conv2d(of(1, 3, 8, 8), of(4, 3, 3, 2))],
  ["conv2d: [4, 3, 3, 3] and bias [] do not fit [1, 3, 2, 8]", () => conv2d(of(1, 3, 2, 8), of(4, 3, 3, 3))],
  ["conv2d: [4, 3, 3, 3] and bias [] do not fit [1, 3, 8]", () => conv2d(of(1, 3, 8), of(4, 3, 3, 3))],
  [
    "conv2d: [4, 3, 3, 3] and bias [3] do not fit [1, 3, 8, 8]",
    () => conv2d(of(1, 3, 8, 8), of(4, 3, 3, 3), of(3)),
  ],
  ["slice: 0 to -1 is not inside axis 1 of [1, 2, 2, 3]", () => patches(of(1, 3, 2, 2), 4)],
  ["maxPool: [1, 1, 1, 4] is not [n, channels, height, width]", () => maxPool(of(1, 1, 1, 4))],
  ["maxPool: [4, 4] is not [n, channels, height, width]", () => maxPool(of(4, 4))],
  ["sum: axes [2] do not fit a tensor of shape [2, 3]", () => sum(of(2, 3), [2])],
  ["sum: axes [-1] do not fit a tensor of shape [2, 3]", () => mean(of(2, 3), [-1])],
  ["max: axes [5] do not fit a tensor of shape [2, 3]", () => max(of(2, 3), [5])],
  ["expand: [2, 3] does not broadcast to [2, 4]", () => expand(of(2, 3), [2, 4])],
  ["expand: [2, 3] does not broadcast to [3]", () => expand(of(2, 3), [3])],
  ["sumTo: [3] does not broadcast to [2, 4]", () => sumTo(of(2, 4), [3])],
  ["constant: shape [2, 2] needs 4 values, got 3", () => constant(new Float32Array(3), [2, 2])],
  ["input x: sides must be positive integers, got [2, 0]", () => input("x", [2, 0])],
  ["input x: sides must be positive integers, got [NaN]", () => input("x", [Number.NaN])],
  // types
  ["mul: needs float32, got float32, uint8", () => mul(of(2, 2), bytes)],
  ["exp: needs float32, got uint8", () => exp(bytes)],
  ["sqrt: needs float32, got bool", () => sqrt(equal(of(2), of(2)))],
  ["sum: needs float32, got uint8", () => sum(bytes)],
  ["gemm: needs float32, got uint8, float32", () => gemm(bytes, of(2, 2))],
  [
    "conv2d: needs float32, got uint8, float32",
    () => conv2d(input("pixels", [1, 3, 8, 8], "uint8"), of(4, 3, 3, 3)),
  ],
  ["maxPool: needs float32, got uint8", () => maxPool(input("pixels", [1, 1, 2, 2], "uint8"))],
  ["equal: types must agree, got uint8 and float32", () => equal(bytes, of(2, 2))],
  ["where: the condition must be bool, got float32", () => where(of(2), of(2), of(2))],
];

test.each(REFUSED)("%s", (message, build) => {
  expect(build).toThrow(InputError);
  expect(build).toThrow(message);
});
