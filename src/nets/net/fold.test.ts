import { describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import { expectClose } from "../../../test/support/float64.ts";
import { noiseCrops, randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import { buildNet, facesInput } from "./build.ts";
import type { NetConfig } from "./config.ts";
import { toNetInput } from "./faceNet.ts";
import { foldWeights } from "./fold.ts";
import { releasedScope, type Weights } from "./scope.ts";

/** All activations of three faces of noise. */
function activationsOf(config: NetConfig, weights: Weights) {
  const faces = facesInput(config, 3);
  const data = toNetInput(noiseCrops(config, 3), config);
  return evaluate(buildNet(config, releasedScope(weights), faces), { faces: { shape: faces.shape, data } });
}

const KINDS: Readonly<Record<string, Partial<NetConfig>>> = {
  "DeepID2+, blocks and unshared": {},
  "DeepID2+, shared": { conv3: "shared", conv4: "shared" },
  DeepID2: { family: "deepid2", taps: [4] },
};

describe("foldWeights", () => {
  test.each(Object.entries(KINDS))(
    "of %s leaves every activation as it was, without statistics",
    async (_, kind) => {
      const config: NetConfig = { ...TINY_NET, ...kind, normalisation: "batch" };
      const weights = randomWeights(config, 2);
      const folded = foldWeights(config, weights);
      expect(folded.config).toEqual({ ...config, normalisation: "none" });
      expect(Object.keys(folded.weights).some((name) => /mean|variance/.test(name))).toBe(false);
      const [before, after] = [
        await activationsOf(config, weights),
        await activationsOf(folded.config, folded.weights),
      ];
      for (const [name, { data }] of Object.entries(before)) {
        expectClose(after[name].data, Array.from(data, Number), {
          relative: 1e-4,
          absolute: 1e-5,
          what: name,
        });
        expect(data.some((value) => value > 0)).toBe(true);
      }
    },
  );

  test("drops other taps and what only training needs", () => {
    const config: NetConfig = { ...TINY_NET, normalisation: "batch" };
    const weights = { ...randomWeights(config), "id4.weight": new Float32Array(8) };
    const { config: released, weights: kept } = foldWeights(config, weights, [4]);
    expect(released.taps).toEqual([4]);
    const layers = ["conv1", "conv2", "conv3", "conv4", "fc4"];
    expect(Object.keys(kept)).toEqual(layers.flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]));
  });

  test("of a net without normalisation keeps its weights, and changes none of what it is given", () => {
    const weights = randomWeights(TINY_NET);
    expect(foldWeights(TINY_NET, weights).weights).toEqual(weights);
    const normalised: NetConfig = { ...TINY_NET, normalisation: "batch" };
    const given = randomWeights(normalised);
    foldWeights(normalised, given);
    expect(given).toEqual(randomWeights(normalised));
  });
});
