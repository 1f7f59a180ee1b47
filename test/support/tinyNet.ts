/** Weights for a small net in which everything counts: no bias is 0, no variance 1. */

import { createRng } from "../../src/base/random/index.ts";
import { sizeOf } from "../../src/math/graph/index.ts";
import { buildNet } from "../../src/nets/net/build.ts";
import { facesInput, type NetConfig, recordingScope, type Weights } from "../../src/nets/net/index.ts";
import { TINY } from "./tinyTraining.ts";

/** The net of the tiny training. */
export const TINY_NET: NetConfig = { ...TINY.net, channels: 3 };

/** Random weights of a net. */
export function randomWeights(config: NetConfig, seed = 1): Weights {
  const { scope, parameters } = recordingScope();
  buildNet(config, scope, facesInput(config, 1));
  const rng = createRng(seed);
  const values = parameters.map(({ name, shape, kind, initialise }) => {
    const own = rng.fork(name);
    if (kind === "weight") return [name, initialise(own)] as const;
    const draw = {
      bias: () => 0.4 + 0.2 * own.normal(), // few neurons stay silent
      mean: () => 0.2 * own.normal(),
      variance: () => 0.5 + own.uniform(),
    }[name.split(".")[1] as "bias" | "mean" | "variance"];
    return [name, Float32Array.from({ length: sizeOf(shape) }, draw)] as const;
  });
  return Object.fromEntries(values);
}

/** Crops of noise as bytes [n, height, width, channels]. */
export function noiseCrops({ height, width, channels }: NetConfig, n: number, seed = 1): Uint8Array {
  const rng = createRng(seed);
  return Uint8Array.from({ length: n * height * width * channels }, () => rng.integer(256));
}
