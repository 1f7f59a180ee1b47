/**
 * The baseline DeepID2 net: narrower, and with one feature layer that sees pool3 and conv4 at once.
 *
 * Source: Sun, Chen, Wang and Tang, NIPS 2014, Section 2. Its feature layer is named fc4, as in DeepID2+.
 */
import type { Expr } from "../../math/graph/index.ts";
import { KERNELS, type NetConfig } from "./config.ts";
import { type Activations, convolution } from "./deepid2plus.ts";
import { connect, convolve } from "./layers.ts";
import type { Scope } from "./scope.ts";

/** Runs `faces` [n, channels, height, width], values in [-1, 1], through the net. */
export function deepid2(config: NetConfig, scope: Scope, faces: Expr): Activations {
  const stages = [faces];
  KERNELS.forEach((kernel, i) => {
    stages.push(convolve(scope, stages[i], convolution(config, i + 1, kernel)));
  });
  const [, conv1, conv2, conv3, conv4] = stages;
  const fc4 = connect(scope, [conv3, conv4], {
    name: "fc4",
    neurons: config.neurons,
    normalise: config.normalisation === "batch",
  }); // [n, 160]
  return { conv1, conv2, conv3, conv4, fc4 };
}
