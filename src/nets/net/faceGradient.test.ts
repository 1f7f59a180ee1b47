import { expect, test } from "vitest";
import { noiseCrops, randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import { createRng } from "../../base/random/index.ts";
import { createSession } from "../../math/engine/index.ts";
import {
  faceGradient,
  foldWeights,
  gradientOnnx,
  inViews,
  releasedNet,
  releasedOnnx,
  toNetInput,
} from "./index.ts";

const folded = foldWeights(TINY_NET, randomWeights(TINY_NET), [4]);
const open = async () => {
  const { forward, back } = gradientOnnx(folded.config, folded.weights, "fc4");
  const sessions = { forward: await createSession(forward), back: await createSession(back) };
  return faceGradient(sessions, folded.config);
};

test("slopes of pixels are what moving them does, and features are the released net's", async () => {
  const gradient = await open();
  const crops = noiseCrops(TINY_NET, 3);
  const faces = toNetInput(crops, TINY_NET);
  const rng = createRng(3);
  const directions = Float32Array.from({ length: 3 * gradient.neurons }, () => rng.normal());
  const { features, slopes } = await gradient.run(faces, directions);

  expect(await gradient.features(faces)).toEqual(features);
  const net = releasedNet(await createSession(releasedOnnx(folded.config, folded.weights)));
  const [wanted] = await net.run(crops, ["fc4"]);
  features.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 4);
  });

  const size = faces.length / 3;
  const answer = async (at: number, by: number) => {
    const moved = Float32Array.from(faces);
    moved[at] += by;
    const { features: there } = await gradient.run(moved, directions);
    return there.reduce((sum, value, i) => sum + value * directions[i], 0);
  };
  const step = 1e-2;
  const steep = [0, 1, 2].map((face) => steepest(slopes, face * size, size));
  for (const at of steep) {
    const measured = ((await answer(at, step)) - (await answer(at, -step))) / (2 * step);
    expect(Math.abs(measured - slopes[at]) / Math.abs(slopes[at])).toBeLessThan(0.05);
  }
  await Promise.all([gradient.release(), net.release()]);
});

/** The pixel whose slope is the largest of a face: there rounding says least. */
function steepest(slopes: Float32Array, from: number, length: number): number {
  let best = from;
  for (let i = from; i < from + length; i++) if (Math.abs(slopes[i]) > Math.abs(slopes[best])) best = i;
  return best;
}

test("more faces than fit at a time are the same one by one", async () => {
  const gradient = await open();
  const faces = toNetInput(noiseCrops(TINY_NET, 19, 7), TINY_NET);
  const directions = new Float32Array(19 * gradient.neurons).fill(1);
  const all = await gradient.run(faces, directions);
  const size = faces.length / 19;
  const last = await gradient.run(faces.subarray(18 * size), directions.subarray(18 * gradient.neurons));
  last.slopes.forEach((value, i) => {
    expect(value).toBeCloseTo(all.slopes[18 * size + i], 5);
  });
  await expect(gradient.run(faces.subarray(1), directions)).rejects.toThrow(/as many directions/);
  await gradient.release();
});

test("a feature that the net has not is refused", () => {
  expect(() => gradientOnnx(folded.config, folded.weights, "fc9")).toThrow("the net has no fc9");
});

test("of a face in two views, features are the mean, and slopes half of what each view's own are", async () => {
  const gradient = await open();
  const { neurons } = gradient;
  const crops = toNetInput(noiseCrops(TINY_NET, 4, 9), TINY_NET); // of two faces, two views each
  const rng = createRng(5);
  const directions = Float32Array.from({ length: 2 * neurons }, () => rng.normal());
  const two = inViews(gradient, 2);
  const { features, slopes } = await two.run(crops, directions);
  expect(await two.features(crops)).toEqual(features);

  const ofFaces = [0, 0, 1, 1].flatMap((face) => [
    ...directions.subarray(face * neurons, (face + 1) * neurons),
  ]);
  const single = await gradient.run(crops, Float32Array.from(ofFaces));
  features.forEach((value, at) => {
    const first = 2 * Math.floor(at / neurons) * neurons + (at % neurons);
    expect(value).toBeCloseTo((single.features[first] + single.features[first + neurons]) / 2, 5);
  });
  expect(slopes.length).toBe(single.slopes.length);
  slopes.forEach((value, at) => {
    expect(value).toBeCloseTo(single.slopes[at] / 2, 5);
  });
  await two.release();
});
