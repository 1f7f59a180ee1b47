import { describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import {
  expectClose,
  randomTensor,
  reader,
  tabulate,
  toFloat32,
  total,
} from "../../../test/support/float64.ts";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import {
  add,
  conv2d,
  differentiatedBy,
  exp,
  gemm,
  gradient,
  input,
  mul,
  relu,
  reshape,
  scalar,
  scale,
  square,
  stepOnto,
  stopGradient,
  sub,
  sum,
} from "./index.ts";

const x = input("x", [3]);
const y = input("y", [3]);
const feeds = {
  x: { shape: [3], data: Float32Array.of(1, 2, -3) },
  y: { shape: [3], data: Float32Array.of(5, 0.5, 2) },
};

describe("gradient", () => {
  test("adds up what comes back along every path", async () => {
    const shared = mul(x, y); // used three times: d/dx (xy + (xy)² ) + 2x of the square below
    const loss = sum(add(add(shared, square(shared)), square(x)));
    const [dx, dy] = gradient(loss, [x, y]);
    const results = await evaluate({ dx, dy }, feeds);
    expect(results.dx.data).toEqual(Float32Array.of(5 + 50 + 2, 0.5 + 1 + 4, 2 - 24 - 6));
    expect(results.dy.data).toEqual(Float32Array.of(1 + 10, 2 + 4, -3 + 36));
  });

  test("is also taken with respect to a value on the way", async () => {
    const between = square(x);
    const [slope, dx] = gradient(sum(mul(between, y)), [between, x]);
    const results = await evaluate({ slope, dx }, feeds);
    expect(results.slope.data).toEqual(feeds.y.data);
    expect(results.dx.data).toEqual(Float32Array.of(10, 2, -12));
  });

  test("of a loss in itself is 1", async () => {
    const loss = sum(x);
    expect((await evaluate({ one: gradient(loss, [loss])[0] })).one.data).toEqual(Float32Array.of(1));
  });

  test("can be differentiated again", async () => {
    const [once] = gradient(sum(mul(square(x), x)), [x]); // 3 x²
    const [twice] = gradient(sum(once), [x]); // 6 x
    expect((await evaluate({ twice }, feeds)).twice.data).toEqual(Float32Array.of(6, 12, -18));
  });

  test("walks chains that are longer than the call stack is deep", async () => {
    let chain = x;
    for (let i = 0; i < 12_000; i++) chain = scale(chain, 1);
    expect(gradient(sum(chain), [x])[0].shape).toEqual([3]);
  });

  test("refuses a loss that is no scalar, and one that does not depend on what is asked for", () => {
    expect(() => gradient(x, [x])).toThrow(new InputError("gradient: the loss must be a scalar, got [3]"));
    expect(() => gradient(sum(x), [x, y])).toThrow(new InputError("gradient: the loss does not depend on y"));
    expect(() => gradient(sum(stopGradient(x)), [x])).toThrow("the loss does not depend on x");
  });

  test("refuses to pass an operator without a rule", () => {
    const image = input("image", [1, 1, 3, 3]);
    const [slope] = gradient(sum(conv2d(image, input("w", [1, 1, 2, 2]))), [image]);
    expect(() => gradient(sum(slope), [image])).toThrow("the loss does not depend on image");
    const weights = input("w", [1, 1, 2, 2]);
    const [ofImage] = gradient(sum(square(conv2d(image, weights))), [image]);
    expect(() => gradient(sum(ofImage), [weights])).toThrow(
      new InputError("gradient: ConvTranspose has no gradient rule"),
    );
    const velocity = input("v", [2, 2]);
    const moved = stepOnto(velocity, 0.9, gemm(velocity, velocity), scalar(1));
    expect(() => gradient(sum(moved), [velocity])).toThrow("Gemm has no gradient rule");
  });

  test("does not need the rule of an operator that no asked-for value reaches", async () => {
    const velocity = input("v", [3, 1]);
    const moved = stepOnto(velocity, 0.9, gemm(velocity, scalar2d(1)), scalar(1));
    const loss = sum(mul(reshape(moved, [3]), x));
    const results = await evaluate(
      { dx: gradient(loss, [x])[0] },
      { v: { shape: [3, 1], data: Float32Array.of(1, 2, 3) } },
    );
    expectClose(results.dx.data, [-0.1, -0.2, -0.3]); // 0.9 v - v
  });
});

const scalar2d = (value: number) => reshape(scalar(value), [1, 1]);

describe("stopGradient", () => {
  test("cuts one path and leaves the others", async () => {
    const [dx] = gradient(sum(mul(stopGradient(exp(x)), x)), [x]);
    const results = await evaluate({ dx }, feeds);
    expectClose(results.dx.data, [1, 2, -3].map(Math.exp));
  });
});

describe("differentiatedBy", () => {
  test("replaces the chain rule through a whole composition, value unchanged", async () => {
    const composed = relu(exp(sub(x, y)));
    const value = differentiatedBy(composed, [x], (dy) => [scale(dy, 7)]);
    const [dx] = gradient(sum(mul(value, y)), [x]);
    const results = await evaluate({ value, composed, dx }, feeds);
    expect(results.value.data).toEqual(results.composed.data);
    expect(results.dx.data).toEqual(Float32Array.of(35, 3.5, 14));
  });

  test("passes its answer on to what its inputs were computed from, beside other paths", async () => {
    const inner = square(x); // 2 x
    const value = differentiatedBy(exp(inner), [inner], (dy) => [scale(dy, 10)]);
    const [dx] = gradient(add(sum(value), sum(inner)), [x]);
    expect((await evaluate({ dx }, feeds)).dx.data).toEqual(Float32Array.of(22, 44, -66));
  });
});

describe("stepOnto is momentum · v - rate · slope", () => {
  const rng = createRng(7);
  const values = { v: [3, 4], wide: [5, 4], tall: [5, 3], g: [3, 4] };
  const tensors = Object.fromEntries(
    Object.entries(values).map(([name, shape]) => [name, randomTensor(shape, rng)]),
  );
  const [v, wide, tall, g] = Object.entries(values).map(([name, shape]) => input(name, shape));
  const rate = input("rate", []);
  const [atV, atWide, atTall, atG] = ["v", "wide", "tall", "g"].map((name) => reader(tensors[name]));
  const product = (i: number, j: number) => total(5, (k) => atTall(k, i) * atWide(k, j));

  const slopes = {
    "a product": { slope: gemm(tall, wide, { transA: true }), value: product, names: ["wide", "tall"] },
    "a product whose other factor is the smaller": {
      slope: gemm(wide, tall, { transA: true }),
      value: (i: number, j: number) => product(j, i),
      names: ["wide", "tall"],
    },
    "no product": { slope: scale(g, 2), value: (i: number, j: number) => 2 * atG(i, j), names: ["g"] },
  };
  test.each(Object.entries(slopes))("for a slope that is %s", async (_, { slope, value, names }) => {
    const turned = slope.shape[0] === 4;
    const velocity = turned ? input("v", [4, 3]) : v;
    const moved = stepOnto(velocity, 0.9, slope, rate);
    const feeds = Object.fromEntries(["v", ...names].map((name) => [name, toFloat32(tensors[name])]));
    if (turned) feeds.v = { shape: [4, 3], data: feeds.v.data };
    const results = await evaluate({ moved }, { ...feeds, rate: { shape: [], data: Float32Array.of(0.25) } });
    const old = turned ? reader({ ...tensors.v, shape: [4, 3] }) : atV;
    const expected = tabulate(slope.shape, ([i, j]) => 0.9 * old(i, j) - 0.25 * value(i, j));
    expectClose(results.moved.data, expected.data);
  });

  test("and refuses shapes that do not fit", () => {
    expect(() => stepOnto(input("v", [4, 3]), 0.9, g, rate)).toThrow("[4, 3], [3, 4] and []");
    expect(() => stepOnto(v, 0.9, g, input("rates", [4]))).toThrow("[3, 4], [3, 4] and [4]");
  });
});
