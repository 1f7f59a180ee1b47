import { describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import {
  type At,
  expectClose,
  numericalGradient,
  reader,
  type Tensor64,
  tabulate,
  toFloat32,
  total,
} from "../../../test/support/float64.ts";
import { createRng, shuffle } from "../../base/random/index.ts";
import * as graph from "./index.ts";
import {
  add,
  atLeast,
  batchedMatmul,
  cast,
  concat,
  constant,
  conv2d,
  div,
  type Expr,
  equal,
  exp,
  expand,
  flatten,
  gemm,
  gradient,
  greater,
  input,
  log,
  max,
  maxPool,
  mean,
  mul,
  neg,
  pad,
  patches,
  range,
  relu,
  reshape,
  scalar,
  scale,
  slice,
  sqrt,
  square,
  stack,
  stopGradient,
  sub,
  sum,
  sumTo,
  transpose,
  where,
} from "./index.ts";

/** An operator on inputs of some shapes, and beside it what each value of its result must be. */
interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly positive?: boolean;
  readonly build: (...x: Expr[]) => Expr;
  readonly shape: readonly number[];
  readonly value: (index: number[], ...x: At[]) => number;
}

const convolved = ([n, o, i, j]: number[], x: At, w: At, channels: number, k: number) =>
  total(channels, (c) => total(k, (p) => total(k, (q) => x(n, c, i + p, j + q) * w(o, c, p, q))));

const pooled = ([n, c, i, j]: number[], x: At) =>
  Math.max(...[0, 1].flatMap((p) => [0, 1].map((q) => x(n, c, 2 * i + p, 2 * j + q))));

const CASES: Readonly<Record<string, readonly Case[]>> = {
  add: [
    { shapes: [[2, 3], [3]], build: add, shape: [2, 3], value: (at, a, b) => a(...at) + b(...at) },
    {
      shapes: [
        [2, 1],
        [1, 3],
      ],
      build: add,
      shape: [2, 3],
      value: (at, a, b) => a(...at) + b(...at),
    },
  ],
  sub: [
    { shapes: [[3], [2, 3]], build: sub, shape: [2, 3], value: (at, a, b) => a(...at) - b(...at) },
    { shapes: [[], [2, 2]], build: sub, shape: [2, 2], value: (at, a, b) => a() - b(...at) },
  ],
  mul: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: mul,
      shape: [2, 3],
      value: (at, a, b) => a(...at) * b(...at),
    },
    {
      shapes: [
        [2, 1, 2],
        [3, 1],
      ],
      build: mul,
      shape: [2, 3, 2],
      value: (at, a, b) => a(...at) * b(...at),
    },
  ],
  div: [
    {
      shapes: [
        [2, 3],
        [2, 1],
      ],
      build: div,
      shape: [2, 3],
      value: (at, a, b) => a(...at) / b(...at),
    },
    { shapes: [[1], [2, 3]], build: div, shape: [2, 3], value: (at, a, b) => a(...at) / b(...at) },
  ],
  neg: [{ shapes: [[5]], build: neg, shape: [5], value: (at, x) => -x(...at) }],
  exp: [{ shapes: [[5]], build: exp, shape: [5], value: (at, x) => Math.exp(x(...at)) }],
  log: [{ shapes: [[5]], positive: true, build: log, shape: [5], value: (at, x) => Math.log(x(...at)) }],
  sqrt: [{ shapes: [[5]], positive: true, build: sqrt, shape: [5], value: (at, x) => Math.sqrt(x(...at)) }],
  relu: [{ shapes: [[6]], build: relu, shape: [6], value: (at, x) => Math.max(0, x(...at)) }],
  atLeast: [
    { shapes: [[6]], build: (x) => atLeast(x, 0.6), shape: [6], value: (at, x) => Math.max(0.6, x(...at)) },
  ],
  scale: [{ shapes: [[4]], build: (x) => scale(x, -2.5), shape: [4], value: (at, x) => -2.5 * x(...at) }],
  square: [{ shapes: [[4]], build: square, shape: [4], value: (at, x) => x(...at) ** 2 }],
  where: [
    {
      shapes: [[2, 1], [3]],
      build: (a, b) => where(greater(constant(Float32Array.of(1, 0, 1, 1, 1, 0), [2, 3]), scalar(0.5)), a, b),
      shape: [2, 3],
      value: ([i, j], a, b) => ((2 * i + j) % 3 === 1 ? b(i, j) : a(i, j)), // false at (0, 1) and (1, 2)
    },
  ],
  reshape: [
    {
      shapes: [[2, 3, 2]],
      build: (x) => reshape(x, [2, 6]), // the first side is kept
      shape: [2, 6],
      value: ([i, j], x) => x(i, Math.floor(j / 2), j % 2),
    },
    {
      shapes: [[2, 3]],
      build: (x) => reshape(x, [3, 2]),
      shape: [3, 2],
      value: ([i, j], x) => x(Math.floor((2 * i + j) / 3), (2 * i + j) % 3),
    },
    { shapes: [[1, 1]], build: (x) => reshape(x, []), shape: [], value: (_, x) => x(0, 0) },
    { shapes: [[6]], build: (x) => reshape(x, [2, 3], 1), shape: [2, 3], value: ([i, j], x) => x(3 * i + j) },
  ],
  flatten: [
    { shapes: [[2, 1, 3]], build: flatten, shape: [2, 3], value: ([i, j], x) => x(i, 0, j) },
    { shapes: [[2, 2, 2]], build: flatten, shape: [2, 4], value: ([i, j], x) => x(i, j >> 1, j & 1) },
  ],
  transpose: [
    {
      shapes: [[2, 3, 4]],
      build: (x) => transpose(x, [2, 0, 1]),
      shape: [4, 2, 3],
      value: ([i, j, k], x) => x(j, k, i),
    },
  ],
  slice: [
    {
      shapes: [[3, 4, 2]],
      build: (x) => slice(x, [1, 0], [1, 0], [3, 2]),
      shape: [2, 2, 2],
      value: ([i, j, k], x) => x(i, j + 1, k),
    },
    { shapes: [[3]], build: (x) => slice(x, [0], [0], [3]), shape: [3], value: (at, x) => x(...at) },
  ],
  pad: [
    {
      shapes: [[2, 2]],
      build: (x) => pad(x, [1, 0], [0, 2]),
      shape: [3, 4],
      value: ([i, j], x) => (i >= 1 && j < 2 ? x(i - 1, j) : 0),
    },
  ],
  concat: [
    {
      shapes: [
        [2, 1],
        [2, 3],
        [2, 2],
      ],
      build: (...parts) => concat(parts, 1),
      shape: [2, 6],
      value: ([i, j], a, b, c) => (j < 1 ? a(i, j) : j < 4 ? b(i, j - 1) : c(i, j - 4)),
    },
    {
      shapes: [
        [1, 2],
        [2, 2],
      ],
      build: (...parts) => concat(parts, 0),
      shape: [3, 2],
      value: ([i, j], a, b) => (i < 1 ? a(i, j) : b(i - 1, j)),
    },
  ],
  stack: [
    {
      shapes: [[3], [3]],
      build: (...parts) => stack(parts),
      shape: [2, 3],
      value: ([i, j], a, b) => (i === 0 ? a : b)(j),
    },
    {
      shapes: [[], []],
      build: (...parts) => stack(parts),
      shape: [2],
      value: ([i], a, b) => (i === 0 ? a : b)(),
    },
  ],
  gemm: [
    {
      shapes: [
        [2, 3],
        [3, 4],
      ],
      build: (a, b) => gemm(a, b),
      shape: [2, 4],
      value: ([i, j], a, b) => total(3, (k) => a(i, k) * b(k, j)),
    },
    {
      shapes: [
        [3, 2],
        [3, 4],
      ],
      build: (a, b) => gemm(a, b, { transA: true }),
      shape: [2, 4],
      value: ([i, j], a, b) => total(3, (k) => a(k, i) * b(k, j)),
    },
    {
      shapes: [
        [2, 3],
        [4, 3],
      ],
      build: (a, b) => gemm(a, b, { transB: true }),
      shape: [2, 4],
      value: ([i, j], a, b) => total(3, (k) => a(i, k) * b(j, k)),
    },
    {
      shapes: [
        [3, 2],
        [4, 3],
      ],
      build: (a, b) => gemm(a, b, { transA: true, transB: true }),
      shape: [2, 4],
      value: ([i, j], a, b) => total(3, (k) => a(k, i) * b(j, k)),
    },
  ],
  batchedMatmul: [
    {
      shapes: [
        [2, 3, 2],
        [2, 2, 4],
      ],
      build: batchedMatmul,
      shape: [2, 3, 4],
      value: ([s, i, j], a, b) => total(2, (k) => a(s, i, k) * b(s, k, j)),
    },
  ],
  sum: [
    { shapes: [[2, 3]], build: (x) => sum(x), shape: [], value: (_, x) => total(6, (i) => x(i % 2, i >> 1)) },
    {
      shapes: [[2, 3, 2]],
      build: (x) => sum(x, [0, 2]),
      shape: [3],
      value: ([j], x) => total(2, (i) => x(i, j, 0) + x(i, j, 1)),
    },
    {
      shapes: [[2, 3]],
      build: (x) => sum(x, [1], { keep: true }),
      shape: [2, 1],
      value: ([i], x) => total(3, (j) => x(i, j)),
    },
    { shapes: [[2, 3]], build: (x) => sum(x, []), shape: [2, 3], value: (at, x) => x(...at) },
    { shapes: [[]], build: (x) => sum(x), shape: [], value: (_, x) => x() },
  ],
  mean: [
    {
      shapes: [[2, 3]],
      build: (x) => mean(x),
      shape: [],
      value: (_, x) => total(6, (i) => x(i % 2, i >> 1)) / 6,
    },
    {
      shapes: [[2, 3]],
      build: (x) => mean(x, [0], { keep: true }),
      shape: [1, 3],
      value: ([, j], x) => (x(0, j) + x(1, j)) / 2,
    },
  ],
  expand: [
    { shapes: [[2, 1]], build: (x) => expand(x, [3, 2, 2]), shape: [3, 2, 2], value: (at, x) => x(...at) },
    { shapes: [[]], build: (x) => expand(x, [2, 2]), shape: [2, 2], value: (_, x) => x() },
  ],
  sumTo: [
    {
      shapes: [[2, 3, 2]],
      build: (x) => sumTo(x, [3, 1]),
      shape: [3, 1],
      value: ([j], x) => total(2, (i) => x(i, j, 0) + x(i, j, 1)),
    },
    {
      shapes: [[2, 2]],
      build: (x) => sumTo(x, []),
      shape: [],
      value: (_, x) => total(4, (i) => x(i >> 1, i & 1)),
    },
  ],
  conv2d: [
    {
      shapes: [[2, 2, 5, 4], [3, 2, 3, 3], [3]],
      build: conv2d,
      shape: [2, 3, 3, 2],
      value: (at, x, w, bias) => convolved(at, x, w, 2, 3) + bias(at[1]),
    },
    {
      shapes: [
        [1, 1, 4, 3],
        [2, 1, 2, 2],
      ],
      build: (x, w) => conv2d(x, w),
      shape: [1, 2, 3, 2],
      value: (at, x, w) => convolved(at, x, w, 1, 2),
    },
  ],
  patches: [
    {
      shapes: [[2, 2, 4, 3]],
      build: (x) => patches(x, 2),
      shape: [2, 3, 2, 8],
      value: ([n, i, j, d], x) => x(n, d % 2, i + (d >> 2), j + ((d >> 1) & 1)), // d: row, column, channel
    },
  ],
  maxPool: [
    { shapes: [[2, 2, 4, 4]], build: maxPool, shape: [2, 2, 2, 2], value: pooled },
    { shapes: [[1, 2, 5, 4]], build: maxPool, shape: [1, 2, 2, 2], value: pooled }, // an odd height
    { shapes: [[2, 1, 2, 3]], build: maxPool, shape: [2, 1, 1, 1], value: pooled }, // an odd width
    { shapes: [[1, 1, 3, 5]], build: maxPool, shape: [1, 1, 1, 2], value: pooled },
  ],
};

/** Operators that are constants in the eyes of the gradient, on x [2, 3]. */
const FLAT: Readonly<Record<string, { build: (x: Expr) => Expr; value: (at: number[], x: At) => number }>> = {
  greater: { build: (x) => greater(x, scalar(0.5)), value: (at, x) => Number(x(...at) > 0.5) },
  equal: {
    build: (x) => equal(x, slice(x, [1], [0], [1])),
    value: ([i, j], x) => Number(x(i, j) === x(i, 0)),
  },
  cast: { build: (x) => cast(x, "int64"), value: (at, x) => Math.trunc(x(...at)) },
  max: { build: (x) => max(x, [1]), value: ([i], x) => Math.max(x(i, 0), x(i, 1), x(i, 2)) },
  stopGradient: { build: stopGradient, value: (at, x) => x(...at) },
  range: { build: () => range(3), value: ([, j]) => j },
};

/** Exports that are no operators, and the one that has tests of its own: the update of gradient.test.ts. */
const OTHER = [
  "constant",
  "input",
  "sameShape",
  "scalar",
  "show",
  "sizeOf",
  "differentiatedBy",
  "gradient",
  "stepOnto",
  "toOnnx",
  "describeModel",
  "readConstants",
  "readSignature",
  "structureOf",
  "refuseEndless", // see model.test.ts
  "convolveBytes",
  "poolBytes",
  "toFloats", // see ops/wholeNumbers.test.ts
];

/** Different multiples of 1/4 in random order, none 0: far enough apart for no difference to cross a kink. */
function spacedValues(shape: readonly number[], seed: number, positive: boolean): Tensor64 {
  const size = tabulate(shape, () => 0).data.length;
  const steps = Array.from({ length: size }, (_, i) => (positive || i % 2 === 0 ? i + 1 : -i - 1) / 4);
  const values = shuffle(steps, createRng(seed));
  let next = 0;
  return tabulate(shape, () => values[next++]);
}

describe.each(Object.entries(CASES))("%s", (_, cases) => {
  test.each(cases.map((each) => [each.shapes.map(graph.show).join(" "), each] as const))(
    "of %s: value, and gradient by central differences",
    async (_, { shapes, positive = false, build, shape, value }) => {
      const values = shapes.map((side, i) => spacedValues(side, i + 1, positive));
      const inputs = shapes.map((side, i) => input(`x${i}`, side));
      const readers = values.map(reader);
      const twin = () => tabulate(shape, (index) => value(index, ...readers));

      const y = build(...inputs);
      expect(y.shape).toEqual(shape);
      // A weight of its own for each value, so that none can stand for another.
      const weights = tabulate(shape, (index) => 1 + index.reduce((sum, i) => 3 * sum + i, 0) / 4);
      const loss = sum(mul(y, constant(Float32Array.from(weights.data), shape)));
      const slopes = gradient(loss, inputs);
      const results = await evaluate(
        { y, ...Object.fromEntries(slopes.map((slope, i) => [`slope${i}`, slope])) },
        Object.fromEntries(values.map((x, i) => [`x${i}`, toFloat32(x)])),
      );

      expect(results.y.shape).toEqual(shape);
      expectClose(results.y.data, twin().data, { what: "value" });
      const weighted = () => {
        const { data } = twin();
        return total(data.length, (i) => data[i] * weights.data[i]);
      };
      values.forEach((x, i) => {
        const slope = (results as Record<string, (typeof results)["y"]>)[`slope${i}`];
        expect(slope.shape).toEqual(x.shape);
        const expected = numericalGradient(weighted, x);
        // float32 results: rounding counts relative to the largest entry
        const absolute = 1e-5 * Math.max(...expected.map(Math.abs));
        expectClose(slope.data, expected, { absolute, what: `gradient in input ${i}` });
      });
    },
  );
});

describe.each(Object.entries(FLAT))("%s", (_, { build, value }) => {
  test("has its value and lets no gradient through", async () => {
    const values = spacedValues([2, 3], 1, false);
    const x = input("x", [2, 3]);
    const y = build(x);
    const asFloat = add(y.dtype === "float32" ? y : cast(y, "float32"), scale(x, 0)); // [2, 3]
    const [slope] = gradient(sum(mul(asFloat, x)), [x]); // only the factor x varies: the gradient is y
    const results = await evaluate({ y: asFloat, slope }, { x: toFloat32(values) });
    const expected = tabulate([2, 3], (index) => value(index, reader(values)));
    expectClose(results.y.data, expected.data, { relative: 0, absolute: 0, what: "value" });
    expectClose(results.slope.data, expected.data, { relative: 0, absolute: 0, what: "gradient" });
  });
});

test("every operator that the folder exports stands in one of the tables above", () => {
  expect(Object.keys(graph).sort()).toEqual([...Object.keys(CASES), ...Object.keys(FLAT), ...OTHER].sort());
});

test("relu and maxPool at a kink: no gradient at 0, and all of it to each of two equal largest values", async () => {
  const x = input("x", [1, 1, 2, 2]);
  const [flat, tied] = [gradient(sum(relu(x)), [x])[0], gradient(sum(maxPool(x)), [x])[0]];
  const feeds = { x: { shape: [1, 1, 2, 2], data: Float32Array.of(0, 2, -1, 2) } };
  const results = await evaluate({ flat, tied }, feeds);
  expect(results.flat.data).toEqual(Float32Array.of(0, 1, 0, 1));
  expect(results.tied.data).toEqual(Float32Array.of(0, 1, 0, 1));
});
