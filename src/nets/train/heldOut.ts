/** How well a net verifies people that it was not trained on, while it is being trained. */

import { createFeatureSet } from "../../matching/features/index.ts";
import { cosine } from "../../matching/match/index.ts";
import { bestThresholdAccuracy, type LabelledPair, scoreFolds } from "../../matching/protocols/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import { followNet } from "../models/index.ts";
import type { NetConfig, Weights } from "../net/index.ts";

export interface HeldOutPairs {
  readonly crops: Uint8Array; // [n, height, width, channels]
  readonly pairs: readonly LabelledPair[];
}

/** Prepares the measurement: accuracy by cosine of FC-4 at the best single threshold, so a little optimistic. */
export async function createHeldOut(
  config: NetConfig,
  { crops, pairs }: HeldOutPairs,
  options: SessionOptions = {},
) {
  let current: Weights = {};
  const net = await followNet(config, () => current, options);
  return {
    async measure(weights: Weights): Promise<{ accuracy: number }> {
      current = weights;
      const [values] = await net.run(crops, ["fc4"]);
      const names = Array.from({ length: values.length / config.neurons }, (_, row) => String(row));
      const features = createFeatureSet(values, config.neurons, { names, identities: names });
      return { accuracy: bestThresholdAccuracy(scoreFolds(cosine, features, [pairs]).flat()) };
    },
    release: () => net.release(),
  };
}
