import { expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { openNet } from "../models/openNet.ts";
import { adoptWeights, type Start } from "./adopt.ts";
import { buildNet, facesInput } from "./build.ts";
import { DEEPID2, DEEPID2PLUS, type NetConfig, stageSizes } from "./config.ts";
import { releasedOnnx } from "./netOnnx.ts";
import { recordingScope } from "./scope.ts";

const COLOUR: NetConfig = {
  ...DEEPID2PLUS,
  maps: [3, 4, 5, 6],
  neurons: 7,
  taps: [3, 4],
  conv3: "shared",
  conv4: "shared",
};
const GREY_SQUARE: NetConfig = { ...COLOUR, channels: 1, height: 47 };

const parametersOf = (config: NetConfig) => {
  const { scope, parameters } = recordingScope();
  buildNet(config, scope, facesInput(config, 1));
  return parameters;
};

function start(config: NetConfig): Start {
  const rng = createRng(3);
  const weights = parametersOf(config).map(({ name, initialise }) => [name, initialise(rng.fork(name))]);
  return { name: "start", config, weights: Object.fromEntries(weights) };
}

const adopted = (config: NetConfig, from: Start) =>
  Object.fromEntries(parametersOf(config).map((p) => [p.name, adoptWeights(p, config, from)]));

test("a net of the same shape takes every weight as it is, in memory of its own", () => {
  const from = start(COLOUR);
  const weights = adopted(COLOUR, from);
  expect(weights).toEqual(from.weights);
  expect(weights["conv1.weight"]).not.toBe(from.weights["conv1.weight"]);
});

test("on a grey picture the grey net's convolutions give what the colour net's give", async () => {
  const from = start(COLOUR);
  const grey: NetConfig = { ...COLOUR, channels: 1 };
  const picture = Uint8Array.from({ length: 55 * 47 }, (_, i) => (i * 37) % 256);
  const painted = Uint8Array.from({ length: 3 * picture.length }, (_, i) => picture[Math.floor(i / 3)]);
  const run = async (config: NetConfig, weights: Start["weights"], crop: Uint8Array) => {
    const net = await openNet(releasedOnnx(config, weights));
    const [fc4] = await net.run(crop, ["fc4"]);
    await net.release();
    return fc4;
  };
  const expected = await run(COLOUR, from.weights, painted);
  const weights = adopted(grey, from) as Record<string, Float32Array>;
  const got = await run(grey, weights, picture);
  expect(expected.some((value) => value > 0)).toBe(true);
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 4);
  });
});

test("an FC-n on a smaller map takes, at each place, the weights of the nearest place", () => {
  const from = start(COLOUR);
  const weights = adopted(GREY_SQUARE, from);
  const [large, small] = [stageSizes(COLOUR)[3], stageSizes(GREY_SQUARE)[3]];
  expect([large, small]).toEqual([
    { height: 4, width: 3 },
    { height: 3, width: 3 },
  ]);
  const rowOf: Record<number, number> = { 0: 0, 1: 2, 2: 3 }; // 0, 1.5 and 3, rounded
  for (const [map, y, x] of [
    [0, 0, 0],
    [2, 1, 2],
    [5, 2, 1],
  ]) {
    const at = ((map * 3 + y) * 3 + x) * 7;
    const other = ((map * 4 + rowOf[y]) * 3 + x) * 7;
    const expected = from.weights["fc4.weight"].slice(other, other + 7);
    expect(weights["fc4.weight"]!.slice(at, at + 7)).toEqual(expected);
  }
});

test("what has no counterpart is not adopted", () => {
  const from = start(COLOUR);
  const wider: NetConfig = { ...COLOUR, maps: [3, 4, 8, 6], taps: [2, 3, 4] };
  const none = Object.entries(adopted(wider, from)).filter(([, values]) => values === undefined);
  expect(none.map(([name]) => name)).toEqual([
    "fc2.weight",
    "fc2.bias",
    "conv3.weight",
    "conv3.bias",
    "fc3.weight",
    "conv4.weight",
  ]);
  const baseline: NetConfig = { ...DEEPID2, conv3: "shared", conv4: "shared" };
  expect(Object.values(adopted(baseline, from)).every((values) => values === undefined)).toBe(true);
});

test("the classifier of a tap that the start lacks begins as that of its deepest, where there are as many people", () => {
  const from = start(COLOUR);
  const classifier = (name: string, people: number) => ({
    name,
    shape: [7, people],
    kind: "weight" as const,
    initialise: () => new Float32Array(7 * people),
  });
  const trained = Float32Array.from({ length: 14 }, (_, i) => i);
  const weights = { ...from.weights, "id3.weight": new Float32Array(14), "id4.weight": trained };
  const taken = (name: string, people: number) =>
    adoptWeights(classifier(name, people), { ...COLOUR, taps: [1, 3, 4] }, { ...from, weights });
  expect(taken("id1.weight", 2)).toEqual(trained);
  expect(taken("id3.weight", 2)).toEqual(new Float32Array(14));
  expect(taken("id1.weight", 3)).toBeUndefined();
});
