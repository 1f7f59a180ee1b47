import { describe, expect, test } from "vitest";
import { expectClose, type Tensor64, tabulate } from "../../../test/support/float64.ts";
import { forwardTwin } from "../../../test/support/netTwin.ts";
import { noiseCrops, randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import { describeModel, input, neg, toOnnx } from "../../math/graph/index.ts";
import { followNet, openNet } from "../models/openNet.ts";
import { buildNet } from "./build.ts";
import { type FaceNet, toNetInput } from "./faceNet.ts";
import { facesInput } from "./index.ts";
import { releasedOnnx } from "./netOnnx.ts";
import { recordingScope, type Weights } from "./scope.ts";

const OPTIONS = { threads: 1 };
const { height, width, channels } = TINY_NET;

/** Activations of `crops` by plain loops. */
function twinOf(weights: Weights, crops: Uint8Array): Record<string, Tensor64> {
  const { scope, parameters } = recordingScope();
  buildNet(TINY_NET, scope, facesInput(TINY_NET, 1));
  const values = parameters.map(({ name, shape }) => [
    name,
    { shape, data: Float64Array.from(weights[name]) },
  ]);
  const n = crops.length / (height * width * channels);
  const faces = tabulate(
    [n, channels, height, width],
    ([face, c, i, j]) => crops[((face * height + i) * width + j) * channels + c] / 127.5 - 1,
  );
  return forwardTwin(TINY_NET, Object.fromEntries(values), faces);
}

async function withNet<T>(net: Promise<FaceNet>, use: (net: FaceNet) => Promise<T>): Promise<T> {
  const opened = await net;
  try {
    return await use(opened);
  } finally {
    await opened.release();
  }
}

describe("a released net", () => {
  const weights = randomWeights(TINY_NET);
  const bytes = releasedOnnx(TINY_NET, weights, { metadata: { name: "tiny" } });

  test("is ONNX with one input and every activation as rows, for any number of faces", () => {
    const { inputs, outputs } = describeModel(bytes, "net");
    expect(inputs).toEqual([{ name: "faces", dtype: "float32", shape: ["n", 3, 39, 31] }]);
    expect(outputs.map(({ name, shape }) => [name, ...shape])).toEqual([
      ["conv1", "n", 2 * 18 * 14],
      ["fc1", "n", 4],
      ["conv2", "n", 3 * 8 * 6],
      ["fc2", "n", 4],
      ["conv3", "n", 3 * 3 * 2],
      ["fc3", "n", 4],
      ["conv4", "n", 2 * 2 * 1],
      ["fc4", "n", 4],
    ]);
  });

  test("computes the activations asked for, in that order", async () => {
    const crops = noiseCrops(TINY_NET, 2);
    const expected = twinOf(weights, crops);
    await withNet(openNet(bytes, OPTIONS), async (net) => {
      expect(net.size).toEqual({ height, width, channels });
      expect(net.activations.get("conv3")).toBe(18);
      const names = ["fc4", "conv2", "fc1"];
      const results = await net.run(crops, names);
      names.forEach((name, i) => {
        expectClose(results[i], expected[name].data, { relative: 1e-4, absolute: 1e-5, what: name });
      });
    });
  });

  test("runs more faces than fit in one batch, each as if it were alone, and none", async () => {
    const crops = noiseCrops(TINY_NET, 130);
    const size = height * width * channels;
    await withNet(openNet(bytes, OPTIONS), async (net) => {
      const [all] = await net.run(crops, ["fc2"]);
      expect(all.length).toBe(130 * 4);
      for (const face of [0, 127, 128, 129]) {
        const [alone] = await net.run(crops.subarray(face * size, (face + 1) * size), ["fc2"]);
        expectClose(all.subarray(face * 4, face * 4 + 4), alone, { what: `face ${face}` });
      }
      expect(await net.run(new Uint8Array(0), ["fc2"])).toEqual([new Float32Array(0)]);
    });
  });

  test("says which activations it has, and what size its crops are", async () => {
    await withNet(openNet(bytes, OPTIONS, "my net"), async (net) => {
      await expect(net.run(noiseCrops(TINY_NET, 1), ["fc5"])).rejects.toThrow(
        new InputError("my net: has no fc5; it has conv1, fc1, conv2, fc2, conv3, fc3, conv4, fc4"),
      );
      await expect(net.run(new Uint8Array(100), ["fc4"])).rejects.toThrow(
        new InputError("my net: crops of 3627 bytes expected, got 100 bytes"),
      );
    });
  });

  test("is refused where it is no net of faces, or cut off", async () => {
    const other = toOnnx({ y: neg(input("x", [2])) });
    await expect(openNet(other, OPTIONS, "other")).rejects.toThrow('other: needs an input "faces"');
    await expect(openNet(bytes.subarray(0, 1000), OPTIONS, "part")).rejects.toThrow(DataError);
  });
});

test("a net in training is followed: each run takes the weights of that moment", async () => {
  const normalised = { ...TINY_NET, normalisation: "batch" } as const;
  let weights = randomWeights(normalised, 1);
  const crops = noiseCrops(TINY_NET, 2);
  await withNet(
    followNet(normalised, () => weights, OPTIONS),
    async (net) => {
      const [first] = await net.run(crops, ["fc4"]);
      weights = randomWeights(normalised, 2);
      const [second] = await net.run(crops, ["fc4"]);
      expect(second).not.toEqual(first);
      weights = randomWeights(normalised, 1);
      expect(await net.run(crops, ["fc4"])).toEqual([first]);
    },
  );
});

test("toNetInput puts channels first and bytes into [-1, 1]", () => {
  const crops = Uint8Array.of(0, 51, 255, 102, 0, 0, 204, 255, 127, 0, 0, 51); // 2 faces of 1 x 2, 3 channels
  const expected = [-1, -0.2, -0.6, -1, 1, -1, 0.6, -1, 1, -1, 127 / 127.5 - 1, -0.6];
  expectClose(toNetInput(crops, { height: 1, width: 2, channels: 3 }), expected);
});
