import { describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import { expectClose } from "../../../test/support/float64.ts";
import { noiseCrops, randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import { buildNet, facesInput } from "../net/build.ts";
import type { NetConfig } from "../net/config.ts";
import { toNetInput } from "../net/faceNet.ts";
import { releasedOnnx } from "../net/netOnnx.ts";
import { releasedScope, type Weights } from "../net/scope.ts";
import { releasedWeights, unfoldWeights } from "./unfold.ts";

const CONFIG: NetConfig = { ...TINY_NET, normalisation: "none" };
const LAYERS = ["conv1", "fc1", "conv2", "fc2", "conv3", "fc3", "conv4", "fc4"];

describe("releasedWeights", () => {
  test("of a float32 net are those that were released, bit for bit", () => {
    const weights = randomWeights(CONFIG);
    expect(releasedWeights(releasedOnnx(CONFIG, weights), CONFIG, "net")).toEqual(weights);
  });

  test("of an int8 net are within half a step of them", () => {
    const weights = randomWeights(CONFIG);
    const onnx = releasedOnnx(CONFIG, weights, { precision: "int8" });
    for (const [name, values] of Object.entries(releasedWeights(onnx, CONFIG, "net"))) {
      const largest = Math.max(...weights[name].map(Math.abs));
      expectClose(values, Array.from(weights[name]), { absolute: largest / 253, what: name });
    }
  });

  test("of a net of another shape are refused with what is missing", () => {
    const onnx = releasedOnnx(CONFIG, randomWeights(CONFIG));
    const wider = { ...CONFIG, neurons: CONFIG.neurons + 1 };
    expect(() => releasedWeights(onnx, wider, "mine.onnx")).toThrow(
      /mine\.onnx: fc1\.weight needs \d+ values, got \d+/,
    );
  });
});

describe("unfoldWeights", () => {
  const weights = randomWeights(CONFIG);
  const crops = noiseCrops(CONFIG, 8);

  /** The activations of `crops`, by a net in use or by one in training, which normalises each batch by itself. */
  async function activations(config: NetConfig, values: Weights, training: boolean) {
    const faces = facesInput(config, 8);
    const scope = releasedScope(values);
    const data = toNetInput(crops, config);
    const outputs = buildNet(config, training ? { ...scope, update: () => {} } : scope, faces);
    return evaluate(outputs, { faces: { shape: faces.shape, data } });
  }

  test("gives statistics under which every activation stays as it was", async () => {
    const unfolded = await unfoldWeights(CONFIG, weights, crops);
    expect(unfolded.config).toEqual({ ...CONFIG, normalisation: "batch" });
    const before = await activations(CONFIG, weights, false);
    const after = await activations(unfolded.config, unfolded.weights, false);
    for (const [name, { data }] of Object.entries(before)) {
      expectClose(after[name].data, Array.from(data, Number), { relative: 1e-4, absolute: 1e-5, what: name });
    }
  });

  test("measures each layer's mean: without it, nothing is left of the first layer's bias", async () => {
    const unfolded = await unfoldWeights(CONFIG, weights, crops);
    for (const layer of LAYERS) expect(unfolded.weights).toHaveProperty(`${layer}.mean`);
    const sums = evaluateSums(weights);
    const { data } = (await sums).conv1;
    expectClose(unfolded.weights["conv1.mean"], channelMeans(data, CONFIG.maps[0]), {
      relative: 1e-4,
      absolute: 1e-5,
      what: "conv1.mean",
    });
  });

  /** What conv1 adds up, [8, maps, h, w], as seen from outside. */
  async function evaluateSums(values: Weights) {
    const faces = facesInput(CONFIG, 8);
    const seen: Parameters<typeof evaluate>[0] = {};
    buildNet(
      CONFIG,
      { ...releasedScope(values), observe: (layer, sums) => void Object.assign(seen, { [layer]: sums }) },
      faces,
    );
    return evaluate(
      { conv1: seen.conv1 },
      { faces: { shape: faces.shape, data: toNetInput(crops, CONFIG) } },
    );
  }

  function channelMeans(data: ArrayLike<number | bigint>, channels: number): number[] {
    const area = data.length / 8 / channels;
    const means = new Array<number>(channels).fill(0);
    for (let i = 0; i < data.length; i++) {
      means[Math.floor(i / area) % channels] += Number(data[i]) / (8 * area);
    }
    return means;
  }
});
