import { describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import { noiseCrops, randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import { type Expr, input, transpose } from "../../math/graph/index.ts";
import { buildNet, facesInput } from "./build.ts";
import type { NetConfig } from "./config.ts";
import { toNetInput } from "./faceNet.ts";
import { releasedScope, type Weights } from "./scope.ts";
import { wholeFront } from "./wholeFront.ts";

const N = 16;
const CONFIG: NetConfig = { ...TINY_NET, maps: [8, 8, 3, 2], normalisation: "batch", taps: [3, 4] };
const CROPS = noiseCrops(CONFIG, N);
const BYTES = input("crops", [N, CONFIG.height, CONFIG.width, CONFIG.channels], "uint8");
const front = (weights: Weights, frozen: number, config = CONFIG) =>
  wholeFront(config, weights, transpose(BYTES, [0, 3, 1, 2]), frozen);

/** Random weights whose first two layers have the statistics of the crops. */
async function measuredWeights(): Promise<Weights> {
  let weights = randomWeights(CONFIG);
  for (const layer of ["conv1", "conv2"]) {
    const sums = await floats(weights, (observed) => observed[layer]);
    const [, maps, height, width] = sums.shape;
    const channel = (c: number) =>
      Array.from(sums.data as Float32Array).filter((_, i) => Math.floor(i / (height * width)) % maps === c);
    const all = Array.from({ length: maps }, (_, c) => channel(c));
    const mean = all.map((values) => values.reduce((a, b) => a + b, 0) / values.length);
    const variance = all.map(
      (values, c) => values.reduce((a, b) => a + (b - mean[c]) ** 2, 0) / values.length,
    );
    weights = {
      ...weights,
      [`${layer}.mean`]: Float32Array.from(mean),
      [`${layer}.variance`]: Float32Array.from(variance),
    };
  }
  return weights;
}

/** What `pick` takes of the net's sums and activations, in float32. */
async function floats(weights: Weights, pick: (values: Readonly<Record<string, Expr>>) => Expr) {
  const observed: Record<string, Expr> = {};
  const scope = {
    ...releasedScope(weights),
    observe: (layer: string, sums: Expr) => {
      observed[layer] = sums;
    },
  };
  const faces = facesInput(CONFIG, N);
  const activations = buildNet(CONFIG, scope, faces);
  const picked = pick({ ...observed, ...Object.fromEntries(named(activations)) });
  const { value } = await evaluate(
    { value: picked },
    { faces: { shape: faces.shape, data: toNetInput(CROPS, CONFIG) } },
  );
  return value;
}

const named = (activations: Readonly<Record<string, Expr>>) =>
  Object.entries(activations).map(([name, value]) => [`activations of ${name}`, value] as const);

describe("the first convolutions in whole numbers", () => {
  test.each([1, 2, 3])("give what the net gives, but for rounding: %d frozen", async (frozen) => {
    const weights = await measuredWeights();
    const { maps, stages } = front(weights, frozen)!;
    expect(stages).toBe(Math.min(2, frozen));
    const expected = await floats(weights, (values) => values[`activations of conv${stages}`]);
    const { maps: given } = await evaluate({ maps }, { crops: { shape: BYTES.shape, data: CROPS } });
    expect(given.shape).toEqual(expected.shape);
    const [a, b] = [given.data as Float32Array, expected.data as Float32Array];
    const size = Math.sqrt(b.reduce((sum, value) => sum + value * value, 0) / b.length);
    const error = Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / b.length);
    const bias = a.reduce((sum, value, i) => sum + value - b[i], 0) / b.length;
    expect(size).toBeGreaterThan(0.5);
    expect(error / size).toBeLessThan(0.04);
    expect(Math.abs(bias) / size).toBeLessThan(0.01);
  });

  test("are left to float32 where the range of their sums is not known", () => {
    const weights = randomWeights(CONFIG);
    expect(front(weights, 2)).toBeDefined(); // its maps are compared above: here only whether there is one
    expect(front(weights, 0)).toBeUndefined();
    const unmeasured = { ...weights, "conv2.mean": new Float32Array(CONFIG.maps[1]) };
    expect(front(unmeasured, 2)).toBeUndefined();
    expect(front(unmeasured, 1)).toBeDefined();
    const plain: NetConfig = { ...CONFIG, normalisation: "none" };
    expect(front(randomWeights(plain), 2, plain)).toBeUndefined();
    expect(front(weights, 2, { ...CONFIG, family: "deepid2" })).toBeUndefined();
  });
});
