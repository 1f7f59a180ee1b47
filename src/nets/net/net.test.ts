import { describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import {
  expectClose,
  randomTensor,
  type Tensor64,
  tabulate,
  toFloat32,
} from "../../../test/support/float64.ts";
import { forwardTwin } from "../../../test/support/netTwin.ts";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { sizeOf } from "../../math/graph/index.ts";
import { buildNet, facesInput } from "./build.ts";
import { DEEPID2, DEEPID2PLUS, type NetConfig, stageSizes } from "./config.ts";
import { type Parameter, recordingScope, releasedScope } from "./scope.ts";

const SQUARE = { height: 47, width: 47 };

/** Shapes of the activations of a net for one face, and its parameters. */
function outline(config: NetConfig) {
  const { scope, parameters } = recordingScope();
  const activations = buildNet(config, scope, facesInput(config, 1));
  const shapes = Object.fromEntries(
    Object.entries(activations).map(([name, { shape }]) => [name, shape.slice(1)]),
  );
  return { shapes, parameters };
}

/** Parameters of the layers whose names begin with `prefix`. */
const countOf = (parameters: readonly Parameter[], prefix: string) =>
  parameters
    .filter(({ name }) => name.startsWith(prefix))
    .reduce((total, { shape }) => total + sizeOf(shape), 0);

describe("the sizes of the paper's nets", () => {
  test("DeepID2+ on 55 × 47", () => {
    expect(outline(DEEPID2PLUS).shapes).toEqual({
      conv1: [128, 26, 22],
      conv2: [128, 12, 10],
      conv3: [128, 5, 4],
      conv4: [128, 4, 3],
      fc1: [512],
      fc2: [512],
      fc3: [512],
      fc4: [512],
    });
    expect(stageSizes(DEEPID2PLUS)).toEqual([
      { height: 26, width: 22 },
      { height: 12, width: 10 },
      { height: 5, width: 4 },
      { height: 4, width: 3 },
    ]);
  });

  test("DeepID2+ on 47 × 47", () => {
    const { conv1, conv2, conv3, conv4 } = outline({ ...DEEPID2PLUS, ...SQUARE }).shapes;
    expect([conv1, conv2, conv3, conv4]).toEqual([
      [128, 22, 22],
      [128, 10, 10],
      [128, 4, 4],
      [128, 3, 3],
    ]);
  });

  test("inputs of FC-1 to FC-4", () => {
    const inputsOf = (config: NetConfig) => {
      const { parameters } = outline(config);
      return [1, 2, 3, 4].map((tap) => parameters.find(({ name }) => name === `fc${tap}.weight`)!.shape[0]);
    };
    expect(inputsOf(DEEPID2PLUS)).toEqual([73_216, 15_360, 2_560, 1_536]);
    expect(inputsOf({ ...DEEPID2PLUS, ...SQUARE })).toEqual([61_952, 12_800, 2_048, 1_152]);
  });

  test("parameters of DeepID2+, local and shared", () => {
    const { parameters } = outline(DEEPID2PLUS);
    // weights + one bias a map or neuron
    expect(countOf(parameters, "conv1")).toBe(128 * 3 * 16 + 128);
    expect(countOf(parameters, "conv2")).toBe(128 * 128 * 9 + 128);
    expect(countOf(parameters, "conv3")).toBe(20 * 128 * 128 * 9 + 128); // 2.95 M: 20 blocks of 2 × 2 outputs
    expect(countOf(parameters, "conv4")).toBe(12 * 128 * 128 * 4 + 128); // 0.79 M: 12 outputs
    expect(countOf(parameters, "fc1")).toBe(73_216 * 512 + 512); // 37.5 M
    expect(countOf(parameters, "fc4")).toBe(1_536 * 512 + 512); // 0.79 M
    const deployed = countOf(parameters, "conv") + countOf(parameters, "fc4");
    expect(deployed / 1e6).toBeCloseTo(4.68, 2);
    const shared = outline({ ...DEEPID2PLUS, conv3: "shared", conv4: "shared" }).parameters;
    expect(countOf(shared, "conv3")).toBe(128 * 128 * 9 + 128);
    expect(countOf(shared, "conv4")).toBe(128 * 128 * 4 + 128);
    expect((countOf(shared, "conv") + countOf(shared, "fc4")) / 1e6).toBeCloseTo(1.155, 2);
  });

  test("DeepID2: 0.67 M in convolutions, and a layer of 160 on pool3 and conv4", () => {
    const { shapes, parameters } = outline(DEEPID2);
    expect(shapes).toEqual({
      conv1: [20, 26, 22],
      conv2: [40, 12, 10],
      conv3: [60, 5, 4],
      conv4: [80, 4, 3],
      fc4: [160],
    });
    expect(countOf(parameters, "conv") / 1e6).toBeCloseTo(0.67, 2);
    expect(countOf(parameters, "fc4")).toBe((60 * 20 + 80 * 12) * 160 + 160); // 0.35 M
    const square = outline({ ...DEEPID2, ...SQUARE }).parameters;
    expect(square.find(({ name }) => name === "fc4.weight")!.shape[0]).toBe(1_680);
  });

  test("a size that does not divide into blocks is refused", () => {
    expect(() => outline({ ...DEEPID2PLUS, height: 37 })).toThrow(
      "5 x 8 outputs do not divide into 2 x 2 blocks",
    );
  });
});

/** Small enough for plain loops: 39 × 31 is 18 × 14, 8 × 6, 3 × 2, 2 × 1. */
const SMALL: NetConfig = {
  ...DEEPID2PLUS,
  height: 39,
  width: 31,
  channels: 3,
  maps: [2, 3, 3, 2],
  neurons: 4,
};

describe("a net computes what plain loops compute", () => {
  const kinds: Readonly<Record<string, Partial<NetConfig>>> = {
    "DeepID2+, blocks and unshared": {},
    "DeepID2+, shared": { conv3: "shared", conv4: "shared" },
    "DeepID2+, two taps, grey": { taps: [2, 4], channels: 1 },
    "DeepID2+ with the statistics of batch normalisation": { normalisation: "batch" },
    "DeepID2, blocks and unshared": { family: "deepid2", taps: [4] },
    "DeepID2, shared, with statistics": {
      family: "deepid2",
      taps: [4],
      conv3: "shared",
      conv4: "shared",
      normalisation: "batch",
    },
  };
  test.each(Object.entries(kinds))("%s", async (_, kind) => {
    const config = { ...SMALL, ...kind };
    const rng = createRng(1);
    const { parameters } = outline(config);
    const values: Record<string, Tensor64> = {};
    for (const { name, shape, kind: of, initialise } of parameters) {
      const drawn = { shape, data: Float64Array.from(initialise(rng.fork(name))) };
      // Biases and means start at 0 and variances at 1; here they must count.
      if (of === "weight") values[name] = drawn;
      else if (name.endsWith("variance"))
        values[name] = tabulate(shape, () => Math.fround(0.5 + rng.uniform()));
      else values[name] = randomTensor(shape, rng, 0.2);
    }
    const faces = tabulate([2, config.channels, 39, 31], () => Math.fround(2 * rng.uniform() - 1));
    const weights = Object.fromEntries(
      Object.entries(values).map(([name, tensor]) => [name, Float32Array.from(tensor.data)]),
    );

    const activations = buildNet(config, releasedScope(weights), facesInput(config, 2));
    const results = await evaluate(activations, { faces: toFloat32(faces) });
    const expected = forwardTwin(config, values, faces);
    expect(Object.keys(results).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, twin] of Object.entries(expected)) {
      expect(results[name].shape).toEqual(twin.shape);
      expectClose(results[name].data, twin.data, { relative: 1e-4, absolute: 1e-5, what: name });
      expect(
        twin.data.some((value) => value > 0),
        `${name} is not all 0`,
      ).toBe(true);
    }
  });
});

describe("scopes", () => {
  test("weights start with He's variance, 2 / inputs, and biases at 0", () => {
    const { parameters } = outline({ ...DEEPID2PLUS, maps: [64, 64, 64, 64], taps: [4] });
    for (const { name, kind, initialise, shape } of parameters) {
      const values = initialise(createRng(5).fork(name));
      expect(values.length).toBe(sizeOf(shape));
      if (kind === "bias") expect(values.every((value) => value === 0)).toBe(true);
      else {
        const inputs = shape.length === 3 ? shape[1] : shape.length === 4 ? sizeOf(shape.slice(1)) : shape[0];
        const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
        expect((variance * inputs) / 2, name).toBeGreaterThan(0.9);
        expect((variance * inputs) / 2, name).toBeLessThan(1.1);
      }
    }
  });

  test("a released net asks for weights that are missing or of another size", () => {
    const build = (weights: Record<string, Float32Array>) => () =>
      buildNet(SMALL, releasedScope(weights), facesInput(SMALL, 1));
    expect(build({})).toThrow(new InputError("weights: conv1.weight [2, 3, 4, 4] is missing"));
    expect(build({ "conv1.weight": new Float32Array(5) })).toThrow(
      new InputError("weights: conv1.weight [2, 3, 4, 4] needs 96 values, got 5"),
    );
  });

  test("a parameter is declared once", () => {
    const { scope } = recordingScope();
    const faces = facesInput(SMALL, 1);
    buildNet(SMALL, scope, faces);
    expect(() => buildNet(SMALL, scope, faces)).toThrow("scope: conv1.weight is declared twice");
  });
});
