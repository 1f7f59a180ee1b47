import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/pictures.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import {
  add,
  cast,
  constant,
  type Expr,
  gemm,
  greater,
  input,
  neg,
  scalar,
  scale,
  sum,
  toOnnx,
} from "../graph/index.ts";
import type { CreateRunner, Tensor } from "../session/runner.ts";
import { openSession } from "../session/session.ts";
import { createBindingRunner } from "./binding.ts";
import { createSession } from "./createSession.ts";
import { createNativeRunner } from "./nativeRunner.ts";

const floats = (shape: readonly number[], ...values: number[]): Tensor => ({
  shape,
  data: Float32Array.from(values),
});

/** What every runner must do. `skip` says why one does not. */
function sessionSuite(runner: string, create: CreateRunner, skip: { readonly eventLoop?: string } = {}) {
  const open = (outputs: Readonly<Record<string, Expr>>, batch?: Expr) =>
    openSession(create, toOnnx(outputs, { batch }), { threads: 1 }, "test model");
  const x = input("x", [2, 2]);
  const y = input("y", [2]);
  const arithmetic = () => open({ sum: add(x, y), twice: scale(x, 2), total: sum(x) });
  const feeds = { x: floats([2, 2], 1, 2, 3, 4), y: floats([2], 10, 20) };

  describe(`a session of ${runner}`, () => {
    test("computes every output, or those that are asked for", async () => {
      const session = await arithmetic();
      expect(await session.run(feeds)).toEqual({
        sum: floats([2, 2], 11, 22, 13, 24),
        twice: floats([2, 2], 2, 4, 6, 8),
        total: floats([], 10),
      });
      expect(await session.run(feeds, { outputs: ["total"] })).toEqual({ total: floats([], 10) });
      await session.release();
    });

    test("describes what it takes and gives", async () => {
      const session = await arithmetic();
      expect(session.description.inputs).toEqual([
        { name: "x", dtype: "float32", shape: [2, 2] },
        { name: "y", dtype: "float32", shape: [2] },
      ]);
      expect(session.description.outputs.map(({ name }) => name)).toEqual(["sum", "twice", "total"]);
      await session.release();
    });

    test("takes and gives every type", async () => {
      const bytes = input("bytes", [3], "uint8");
      const flags = input("flags", [3], "bool");
      const whole = input("whole", [3], "int64");
      const session = await open({
        asFloat: cast(bytes, "float32"),
        asBytes: cast(cast(bytes, "float32"), "uint8"),
        asWhole: cast(flags, "int64"),
        asFlags: greater(cast(whole, "float32"), scalar(0)),
      });
      const given = {
        bytes: { shape: [3], data: Uint8Array.of(0, 7, 255) },
        flags: { shape: [3], data: Uint8Array.of(0, 1, 1) },
        whole: { shape: [3], data: BigInt64Array.of(-1n, 0n, 5n) },
      };
      const expected = {
        asFloat: floats([3], 0, 7, 255),
        asBytes: { shape: [3], data: Uint8Array.of(0, 7, 255) },
        asWhole: { shape: [3], data: BigInt64Array.of(0n, 1n, 1n) },
        asFlags: { shape: [3], data: Uint8Array.of(0, 0, 1) },
      };
      expect(await session.run(given)).toEqual(expected);
      const into = {
        asBytes: { shape: [3], data: new Uint8Array(3) },
        asWhole: { shape: [3], data: new BigInt64Array(3) },
        asFlags: { shape: [3], data: new Uint8Array(3) },
      };
      expect(await session.run(given, { into })).toEqual(expected);
      expect(into.asWhole.data).toEqual(expected.asWhole.data);
      await session.release();
    });

    test("writes results into memory that it is given, also into a part of an array, and reads parts", async () => {
      const session = await arithmetic();
      const whole = new Float32Array(10).fill(-1);
      const into = { sum: { shape: [2, 2], data: whole.subarray(3, 7) } };
      const fromWhole = {
        ...feeds,
        y: { shape: [2], data: Float32Array.of(0, 0, 10, 20, 0).subarray(2, 4) },
      };
      const results = await session.run(fromWhole, { into });
      expect(results.sum).toBe(into.sum);
      expect(whole).toEqual(Float32Array.of(-1, -1, -1, 11, 22, 13, 24, -1, -1, -1));
      expect(results.twice).toEqual(floats([2, 2], 2, 4, 6, 8));
      await session.release();
    });

    test("gives results that later runs do not change", async () => {
      const session = await arithmetic();
      const first = await session.run(feeds);
      await session.run({ ...feeds, x: floats([2, 2], 9, 9, 9, 9) });
      expect(first.twice).toEqual(floats([2, 2], 2, 4, 6, 8));
      await session.release();
    });

    test("runs several at a time", async () => {
      const session = await arithmetic();
      const results = await Promise.all(
        [1, 2, 3, 4, 5, 6, 7, 8].map((k) => session.run({ ...feeds, x: floats([2, 2], k, k, k, k) })),
      );
      expect(results.map(({ total }) => total.data[0])).toEqual([4, 8, 12, 16, 20, 24, 28, 32]);
      await session.release();
    });

    test("lets the batch vary where the model does", async () => {
      const rows = input("rows", [1, 2]);
      const session = await open({ minus: neg(rows) }, rows);
      expect(session.description.inputs[0].shape).toEqual(["n", 2]);
      for (const n of [1, 3]) {
        const values = Array.from({ length: 2 * n }, (_, i) => i + 1);
        const minus = floats([n, 2], ...values.map((value) => -value));
        expect(await session.run({ rows: floats([n, 2], ...values) })).toEqual({ minus });
      }
      const into = { minus: floats([2, 2], 0, 0, 0, 0) };
      await expect(session.run({ rows: floats([1, 2], 1, 2) }, { into })).rejects.toThrow("test model: ");
      await session.release();
    });

    test.each([
      ["input y float32 [2] is missing", { x: feeds.x }],
      ["input y must have shape [2], got [3]", { ...feeds, y: floats([3], 1, 2, 3) }],
      ["input x must have shape [2, 2], got [4]", { ...feeds, x: floats([4], 1, 2, 3, 4) }],
      ["input y must be float32, got Uint8Array", { ...feeds, y: { shape: [2], data: Uint8Array.of(1, 2) } }],
      ["input x [2, 2] needs 4 values, got 3", { ...feeds, x: floats([2, 2], 1, 2, 3) }],
      ["input z: there are only x, y", { ...feeds, z: feeds.y }],
    ])("refuses feeds: %s", async (message, wrong) => {
      const session = await arithmetic();
      expect(await failureOf(session.run(wrong))).toEqual(new InputError(`test model: ${message}`));
      await session.release();
    });

    test.each([
      ["output other: there are only sum, twice, total", { outputs: ["other"] }],
      ["output other: there are only sum, twice, total", { into: { other: floats([], 1) } }],
      ["output sum must have shape [2, 2], got [2]", { into: { sum: floats([2], 0, 0) } }],
      [
        "output total must be float32, got BigInt64Array",
        { into: { total: { shape: [], data: BigInt64Array.of(0n) } } },
      ],
      ["output sum [2, 2] needs 4 values, got 5", { into: { sum: floats([2, 2], 0, 0, 0, 0, 0) } }],
    ])("refuses places for results: %s", async (message, options) => {
      const session = await arithmetic();
      expect(await failureOf(session.run(feeds, options))).toEqual(new InputError(`test model: ${message}`));
      await session.release();
    });

    test("refuses to run after its release, which may be asked for twice but not during a run", async () => {
      const session = await arithmetic();
      const running = session.run(feeds);
      await expect(session.release()).rejects.toThrow("test model: release during a run");
      await running;
      await session.release();
      await session.release();
      await expect(session.run(feeds)).rejects.toThrow("test model: run after release");
    });

    test("can be made and released many times", async () => {
      for (let i = 0; i < 50; i++) {
        const session = await arithmetic();
        expect((await session.run(feeds)).total.data[0]).toBe(10);
        await session.release();
      }
    });

    test("is not made of a model cut off at any byte, and the error names it", async () => {
      const bytes = toOnnx({ z: add(x, constant(Float32Array.of(1, 2), [2])) });
      for (let length = 0; length < bytes.length; length++) {
        const failure = await failureOf(
          openSession(create, bytes.slice(0, length), { threads: 1 }, "folder/net.onnx"),
        );
        expect(failure, `${length} of ${bytes.length} bytes`).toBeInstanceOf(DataError);
        expect(failure.message).toMatch(/^folder\/net.onnx: /);
      }
    });

    test("is not made of a model of types that are not supported, or of no model", async () => {
      const words = new TextEncoder().encode("this is no model, it is a sentence");
      for (const bytes of [words, new Uint8Array(64), new Uint8Array(0)]) {
        const failure = await failureOf(openSession(create, bytes, { threads: 1 }, "net.onnx"));
        expect(failure).toBeInstanceOf(DataError);
      }
    });

    const title = "leaves the event loop free while it runs";
    test.skipIf(skip.eventLoop)(
      skip.eventLoop ? `${title} (skipped: ${skip.eventLoop})` : title,
      async () => {
        const a = input("a", [512, 512]);
        let product = a;
        for (let i = 0; i < 12; i++) product = gemm(product, a);
        const session = await open({ product: sum(product) });
        let ticks = 0;
        const timer = setInterval(() => ticks++, 1);
        await session.run({ a: { shape: [512, 512], data: new Float32Array(512 * 512) } });
        clearInterval(timer);
        expect(ticks).toBeGreaterThan(0);
        await session.release();
      },
    );
  });
}

sessionSuite("ONNX Runtime's C interface", createNativeRunner);
sessionSuite("onnxruntime-node", createBindingRunner, {
  eventLoop: "its run computes on JavaScript's own thread",
});

test("a provider that the runtime does not have is refused by name", async () => {
  const bytes = toOnnx({ y: neg(input("x", [1])) });
  const failure = await failureOf(createSession(bytes, { provider: "cuda" }, "net.onnx"));
  expect(failure).toBeInstanceOf(DataError);
  expect(failure.message).toContain("net.onnx: ONNX Runtime could not load it on cuda");
});

test("constant weights are prepared for speed without changing the numbers", async () => {
  const a = input("a", [3, 4]);
  const weights = constant(
    Float32Array.from({ length: 20 }, (_, i) => Math.sin(i)),
    [4, 5],
  );
  const bytes = toOnnx({ y: gemm(a, weights) });
  const feeds = { a: { shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => Math.cos(i)) } };
  const results = await Promise.all(
    [true, false].map(async (constantWeights) => {
      const session = await createSession(bytes, { constantWeights, threads: 1 });
      const { y } = await session.run(feeds);
      await session.release();
      return Array.from(y.data as Float32Array);
    }),
  );
  results[0].forEach((value, i) => {
    expect(value).toBeCloseTo(results[1][i], 5);
  });
});

test("a session that has rested computes the same, and cannot rest during a run or run after its release", async () => {
  const a = input("a", [64, 64]);
  const session = await createSession(toOnnx({ y: gemm(a, a) }), { threads: 1 });
  const feeds = {
    a: { shape: [64, 64], data: Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i)) },
  };
  const running = session.run(feeds);
  await expect(session.rest()).rejects.toThrow("rest during a run");
  const { y } = await running;
  await session.rest();
  expect((await session.run(feeds)).y).toEqual(y);
  await session.release();
  await expect(session.run(feeds)).rejects.toThrow("run after release");
});
