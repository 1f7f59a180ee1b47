import { describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import {
  expectClose,
  numericalGradient,
  randomTensor,
  reader,
  type Tensor64,
  tabulate,
  toFloat32,
  total,
} from "../../../test/support/float64.ts";
import { convolution } from "../../../test/support/netTwin.ts";
import { createRng } from "../../base/random/index.ts";
import { constant, type Expr, gradient, input, mul, sum } from "../../math/graph/index.ts";
import { batchNormal, convolve, dropout, type Sharing } from "./layers.ts";
import type { Scope } from "./scope.ts";

/** Σ of all values, each with a weight of its own. */
const weightsOf = (shape: readonly number[]) => randomTensor(shape, createRng(99));
const weighted = (y: Expr) => sum(mul(y, constant(Float32Array.from(weightsOf(y.shape).data), y.shape)));
const weighted64 = (y: Tensor64) => {
  const { data } = weightsOf(y.shape);
  return total(data.length, (i) => data[i] * y.data[i]);
};

describe("batchNormal", () => {
  test.each([[[6, 3]], [[3, 2, 4, 3]]])(
    "of %j: value, statistics, and gradient by differences",
    async (shape) => {
      const x = tabulate(shape, () => 0);
      const rng = createRng(1);
      x.data.forEach((_, i) => {
        x.data[i] = Math.fround(3 + 2 * rng.normal());
      });
      const channels = shape[1];
      const each = x.data.length / channels;
      const pixels = shape.slice(2).reduce((size, side) => size * side, 1);
      const channelOf = (at: number) => Math.floor(at / pixels) % channels;
      const twin = () => {
        const own = (c: number) => Array.from(x.data).filter((_, at) => channelOf(at) === c);
        const means = Array.from({ length: channels }, (_, c) => own(c).reduce((a, b) => a + b, 0) / each);
        const variances = means.map((mean, c) => own(c).reduce((a, b) => a + (b - mean) ** 2, 0) / each);
        const data = x.data.map(
          (value, at) => (value - means[channelOf(at)]) / Math.sqrt(variances[channelOf(at)] + 1e-5),
        );
        return { normal: { shape, data }, means, variances };
      };

      const given = input("x", shape);
      const { normal, mean, variance } = batchNormal(given);
      const [slope] = gradient(weighted(normal), [given]);
      const results = await evaluate({ normal, mean, variance, slope }, { x: toFloat32(x) });
      expectClose(results.normal.data, twin().normal.data, { absolute: 1e-5 });
      expectClose(results.mean.data, twin().means);
      expectClose(results.variance.data, twin().variances);
      expectClose(
        results.slope.data,
        numericalGradient(() => weighted64(twin().normal), x),
        { relative: 1e-4, absolute: 1e-5 },
      );
    },
  );
});

describe("convolve", () => {
  const sides: Readonly<Record<Sharing, number>> = { shared: 0, blocks: 2, unshared: 1 };
  test.each(Object.entries(sides))(
    "%s: sums and both gradients against plain loops",
    async (sharing, side) => {
      const rng = createRng(2);
      const values: Record<string, Tensor64> = { x: randomTensor([2, 2, 6, 4], rng) };
      const leaves: Record<string, Expr> = { x: input("x", [2, 2, 6, 4]) };
      const scope: Scope = {
        parameter({ name, shape, kind }) {
          // A large bias keeps every sum above 0, so that ReLU changes none.
          values[name] = kind === "bias" ? tabulate(shape, () => 50) : randomTensor(shape, rng);
          leaves[name] = input(name, shape);
          return leaves[name];
        },
      };
      const y = convolve(scope, leaves.x, {
        name: "conv",
        maps: 3,
        kernel: 3,
        pool: false,
        normalise: false,
        sharing: sharing as Sharing,
      });
      expect(y.shape).toEqual([2, 3, 4, 2]);
      const [dx, dw] = gradient(weighted(y), [leaves.x, leaves["conv.weight"]]);
      const feeds = Object.fromEntries(Object.entries(values).map(([name, t]) => [name, toFloat32(t)]));
      const results = await evaluate({ y, dx, dw }, feeds);
      const twin = () => convolution(values.x, values["conv.weight"], 3, 3, side);
      expectClose(
        results.y.data,
        twin().data.map((value) => value + 50),
      );
      expectClose(
        results.dx.data,
        numericalGradient(() => weighted64(twin()), values.x),
        { absolute: 1e-5 },
      );
      expectClose(
        results.dw.data,
        numericalGradient(() => weighted64(twin()), values["conv.weight"]),
        { absolute: 1e-5 },
      );
    },
  );

  test("in blocks uses one weight set for each 2 × 2 outputs, unshared one for each", async () => {
    for (const [sharing, blocks] of [
      ["blocks", 2],
      ["unshared", 8],
    ] as const) {
      const shapes: Record<string, readonly number[]> = {};
      const scope: Scope = {
        parameter: ({ name, shape }) => {
          shapes[name] = shape;
          return input(name, shape);
        },
      };
      const x = input("x", [1, 2, 6, 4]);
      convolve(scope, x, { name: "conv", maps: 3, kernel: 3, sharing, pool: false, normalise: false });
      expect(shapes).toEqual({ "conv.weight": [blocks, 3 * 3 * 2, 3], "conv.bias": [1, 3, 1, 1] });
    }
  });
});

test("batch normalisation moves the running statistics a tenth of the way to the batch's", async () => {
  const updates: Record<string, Expr> = {};
  const scope: Scope = {
    parameter: ({ name, shape }) => input(name, shape),
    update: (name, value) => {
      updates[`next.${name}`] = value;
    },
  };
  const x = randomTensor([4, 1, 3, 3], createRng(3));
  const weights = randomTensor([2, 1, 2, 2], createRng(4));
  convolve(scope, input("x", x.shape), {
    name: "conv",
    maps: 2,
    kernel: 2,
    sharing: "shared",
    pool: false,
    normalise: true,
  });
  const results = await evaluate(updates, {
    x: toFloat32(x),
    "conv.weight": toFloat32(weights),
    "conv.mean": { shape: [1, 2, 1, 1], data: Float32Array.of(5, -5) },
    "conv.variance": { shape: [1, 2, 1, 1], data: Float32Array.of(1, 3) },
  });
  const sums = convolution(x, weights, 2, 2, 0); // [4, 2, 2, 2]
  const at = reader(sums);
  const own = (c: number) => Array.from({ length: 16 }, (_, i) => at(i >> 2, c, (i >> 1) & 1, i & 1));
  const mean = (list: number[]) => total(list.length, (i) => list[i]) / list.length;
  const variance = (list: number[]) => mean(list.map((value) => (value - mean(list)) ** 2));
  expectClose(results["next.conv.mean"].data, [4.5 + 0.1 * mean(own(0)), -4.5 + 0.1 * mean(own(1))]);
  expectClose(results["next.conv.variance"].data, [
    0.9 + 0.1 * variance(own(0)),
    2.7 + 0.1 * variance(own(1)),
  ]);
});

test("dropout multiplies by the mask, forward and backward", async () => {
  const x = input("x", [2, 2]);
  const y = dropout(x, input("mask", [2, 2]));
  const results = await evaluate(
    { y, slope: gradient(sum(y), [x])[0] },
    {
      x: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      mask: { shape: [2, 2], data: Float32Array.of(0, 2, 2, 0) },
    },
  );
  expect(results.y.data).toEqual(Float32Array.of(0, 4, 6, 0));
  expect(results.slope.data).toEqual(Float32Array.of(0, 2, 2, 0));
});
