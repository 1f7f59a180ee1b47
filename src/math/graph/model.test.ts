import * as web from "onnxruntime-web";
import { beforeAll, describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import { expectClose, randomTensor, toFloat32 } from "../../../test/support/float64.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { createSession } from "../engine/index.ts";
import type { Tensors } from "../session/index.ts";
import {
  add,
  constant,
  conv2d,
  describeModel,
  type Expr,
  flatten,
  gemm,
  gradient,
  input,
  maxPool,
  mul,
  neg,
  refuseEndless,
  relu,
  scalar,
  sum,
  toOnnx,
} from "./index.ts";

const x = input("x", [2]);
const feeds = { x: { shape: [2], data: Float32Array.of(1, -2) } };

describe("toOnnx", () => {
  test("names outputs that are inputs, constants, one value twice, or inputs of others", async () => {
    const between = neg(x);
    const results = await evaluate(
      { x, copy: x, fixed: constant(Float32Array.of(5, 6), [2]), a: between, b: between, c: neg(between) },
      feeds,
    );
    expect(Object.keys(results)).toEqual(["x", "copy", "fixed", "a", "b", "c"]);
    for (const name of ["x", "copy", "c"] as const)
      expect(results[name].data).toEqual(Float32Array.of(1, -2));
    for (const name of ["a", "b"] as const) expect(results[name].data).toEqual(Float32Array.of(-1, 2));
    expect(results.fixed.data).toEqual(Float32Array.of(5, 6));
  });

  test("makes up names that no input or output has", async () => {
    const taken = [0, 1, 2, 3, 4].flatMap((i) => [`Neg_${i}`, `Add_${i}`, `Constant_${i}`]);
    const all = taken
      .map((name) => input(name, []))
      .reduce((total, leaf) => add(total, neg(leaf)), scalar(100));
    const results = await evaluate(
      { Neg_7: all, Neg_8: neg(neg(all)) },
      Object.fromEntries(taken.map((name, i) => [name, { shape: [], data: Float32Array.of(i) }])),
    );
    expect(results.Neg_7.data).toEqual(Float32Array.of(100 - (14 * 15) / 2));
    expect(results.Neg_8.data).toEqual(results.Neg_7.data);
  });

  test("refuses two inputs of one name, and an output named like an input that it is not", () => {
    expect(() => toOnnx({ y: add(input("x", [2]), x) })).toThrow(
      new InputError("toOnnx: two different inputs are named x"),
    );
    expect(() => toOnnx({ x: neg(x) })).toThrow(
      new InputError("toOnnx: output x has the name of an input that it is not"),
    );
  });

  test("refuses to let the batch vary of what is no input of the model", () => {
    const message = "toOnnx: batch must be an input that the outputs depend on";
    expect(() => toOnnx({ y: neg(x) }, { batch: input("z", [1]) })).toThrow(new InputError(message));
    const y = neg(x);
    expect(() => toOnnx({ y }, { batch: y })).toThrow(message);
  });

  test("computes a value that is used many times once", () => {
    let doubled: Expr = x;
    for (let i = 0; i < 40; i++) doubled = add(doubled, doubled); // 2⁴⁰ terms if written out
    expect(toOnnx({ doubled }).length).toBeLessThan(10_000);
  });

  test("takes only the inputs that its outputs depend on", () => {
    const bytes = toOnnx({ y: neg(x) });
    expect(describeModel(bytes, "model").inputs).toEqual([{ name: "x", dtype: "float32", shape: [2] }]);
  });
});

test("a net that could repeat without end is refused, and one of ours is not", () => {
  expect(() => refuseEndless({ operators: ["Conv", "Loop", "Scan"] }, "theirs.onnx")).toThrow(
    "theirs.onnx: its operators Loop, Scan could repeat without end",
  );
  refuseEndless({ operators: ["Conv", "Gemm", "Relu"] }, "ours.onnx");
});

describe("describeModel", () => {
  test("reads types, shapes, operators and weights; shapes, axes and scalars are no weights", () => {
    const image = input("image", [1, 1, 5, 5]);
    const weights = constant(new Float32Array(2 * 9), [2, 1, 3, 3]);
    const bytes = toOnnx(
      { features: flatten(mul(relu(conv2d(image, weights)), scalar(2))), pixels: flatten(image) },
      { batch: image, metadata: { licence: "none" } },
    );
    expect(describeModel(bytes, "net.onnx")).toEqual({
      inputs: [{ name: "image", dtype: "float32", shape: ["n", 1, 5, 5] }],
      outputs: [
        { name: "features", dtype: "float32", shape: ["n", 18] },
        { name: "pixels", dtype: "float32", shape: ["n", 25] },
      ],
      producer: "deepid2plus",
      operators: ["Conv", "Mul", "Relu", "Reshape"],
      parameters: 18,
    });
  });

  test("refuses bytes that are no model, naming them", () => {
    const bytes = toOnnx({ y: neg(x) });
    const refused = (part: Uint8Array) => () => describeModel(part, "folder/net.onnx");
    expect(refused(bytes.slice(0, 40))).toThrow(DataError);
    expect(refused(bytes.slice(0, 40))).toThrow(
      "folder/net.onnx: not an ONNX model, or a truncated one (40 bytes)",
    );
    expect(refused(new Uint8Array(0))).toThrow(new DataError("folder/net.onnx: holds no ONNX graph"));
    expect(refused(new TextEncoder().encode("<html>not found</html>"))).toThrow(DataError);
  });
});

describe("a second reader of ONNX, onnxruntime-web in WebAssembly,", () => {
  beforeAll(() => {
    web.env.wasm.numThreads = 1;
    web.env.logLevel = "error";
  });

  async function runInWeb(bytes: Uint8Array, given: Tensors) {
    const session = await web.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
    try {
      const tensors = Object.entries(given).map(
        ([name, { shape, data }]) => [name, new web.Tensor("float32", data as Float32Array, shape)] as const,
      );
      return await session.run(Object.fromEntries(tensors));
    } finally {
      await session.release();
    }
  }

  test("computes the same numbers from a small net and its gradient", async () => {
    const rng = createRng(3);
    const shapes = { faces: [2, 1, 7, 6], kernels: [3, 1, 2, 2], fully: [18, 4] };
    const [faces, kernels, fully] = Object.entries(shapes).map(([name, shape]) => input(name, shape));
    const given = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, toFloat32(randomTensor(shape, rng))]),
    );
    const pooled = relu(maxPool(conv2d(faces, kernels))); // [2, 3, 3, 2]
    const features = relu(gemm(flatten(pooled), fully));
    const loss = sum(mul(features, features));
    const slopes = gradient(loss, [kernels, fully]);
    const outputs = { features, loss, dKernels: slopes[0], dFully: slopes[1] };
    const [here, there] = [await evaluate(outputs, given), await runInWeb(toOnnx(outputs), given)];
    for (const [name, { shape, data }] of Object.entries(here)) {
      expect(there[name].dims).toEqual(shape);
      expectClose(there[name].data as Float32Array, Array.from(data, Number), { what: name });
      expect(data.some((value) => value !== 0)).toBe(true);
    }
  });

  test("lets the batch vary", async () => {
    const rows = input("rows", [1, 1, 3, 3]);
    const bytes = toOnnx({ y: flatten(maxPool(rows)) }, { batch: rows });
    const session = await createSession(bytes, { threads: 1 });
    for (const n of [1, 3]) {
      const given = { rows: toFloat32(randomTensor([n, 1, 3, 3], createRng(n))) };
      const there = (await runInWeb(bytes, given)).y;
      expect(there.dims).toEqual([n, 1]);
      expect((await session.run(given)).y.data).toEqual(there.data);
    }
    await session.release();
  });
});
