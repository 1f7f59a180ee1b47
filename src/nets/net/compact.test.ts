import { expect, test } from "vitest";
import { noiseCrops, randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import { createRng } from "../../base/random/index.ts";
import { createSession } from "../../math/engine/index.ts";
import { describeModel, toOnnx } from "../../math/graph/index.ts";
import { openNet } from "../models/openNet.ts";
import { compactConstant } from "./compact.ts";
import { DEEPID2PLUS, type NetConfig } from "./config.ts";
import { releasedOnnx } from "./netOnnx.ts";

test.each([
  [[3, 2, 4, 4], 32, "first"],
  [[20, 5], 5, "last"],
  [[4, 6, 3], 3, "last"],
] as const)(
  "weights %j come back within half a step of their output channel's scale",
  async (shape, size, axis) => {
    const rng = createRng(1);
    const length = shape.reduce((a: number, b) => a * b, 1);
    const values = Float32Array.from({ length }, () => rng.normal());
    values[0] = 0;
    const session = await createSession(toOnnx({ weights: compactConstant(values, shape) }), { threads: 1 });
    const { weights } = await session.run({});
    await session.release();
    expect(weights.shape).toEqual(shape);
    const channelOf = (i: number) => (axis === "first" ? Math.floor(i / size) : i % size);
    const largest = new Map<number, number>();
    values.forEach((value, i) => {
      largest.set(channelOf(i), Math.max(largest.get(channelOf(i)) ?? 0, Math.abs(value)));
    });
    values.forEach((value, i) => {
      const step = largest.get(channelOf(i))! / 127;
      expect(Math.abs((weights.data[i] as number) - value)).toBeLessThanOrEqual(step / 2 + 1e-6);
    });
  },
);

test("a channel of zeros stays zeros", async () => {
  const session = await createSession(toOnnx({ w: compactConstant(new Float32Array(6), [3, 2]) }));
  expect([...((await session.run({})).w.data as Float32Array)]).toEqual([0, 0, 0, 0, 0, 0]);
  await session.release();
});

test("a compact net takes a quarter of the space, holds as many weights, and answers nearly the same", async () => {
  const config: NetConfig = { ...TINY_NET, neurons: 64 };
  const weights = randomWeights(config);
  const files = (["float32", "int8"] as const).map((precision) =>
    releasedOnnx(config, weights, { precision }),
  );
  const [full, compact] = await Promise.all(files.map((bytes) => openNet(bytes, { threads: 1 })));
  const crops = noiseCrops(config, 4);
  const [[a], [b]] = [await full.run(crops, ["fc4"]), await compact.run(crops, ["fc4"])];
  const norm = Math.hypot(...a);
  expect(norm).toBeGreaterThan(0);
  expect(Math.hypot(...a.map((value, i) => value - b[i])) / norm).toBeLessThan(0.02);
  await Promise.all([full.release(), compact.release()]);

  const paper: NetConfig = { ...DEEPID2PLUS, taps: [4], conv3: "shared", conv4: "shared" };
  const large = randomWeights(paper);
  const [plain, small] = (["float32", "int8"] as const).map((precision) =>
    releasedOnnx(paper, large, { precision }),
  );
  expect(plain.length / small.length).toBeGreaterThan(3.8);
  const [p, s] = [describeModel(plain, "plain"), describeModel(small, "small")];
  // Besides the weights, a scale for each output channel of five layers.
  expect(s.parameters - p.parameters).toBe(4 * 128 + 512);
});
