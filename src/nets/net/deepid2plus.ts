/**
 * The DeepID2+ net: a tower of four convolutions in which every stage is tapped by a feature layer of its own,
 * so that the training signals reach the early layers directly.
 *
 * Paper: Section 3 and Fig. 2. Names: conv n is the paper's Conv-n with its pooling, fc n its FC-n.
 */
import type { Expr } from "../../math/graph/index.ts";
import { KERNELS, type NetConfig } from "./config.ts";
import { connect, convolve } from "./layers.ts";
import type { Scope } from "./scope.ts";

/** Every named activation of a net: conv1 to conv4 [n, maps, h, w] and those of fc1 to fc4 that exist [n, neurons]. */
export type Activations = Readonly<Record<string, Expr>>;

/** What the first `stages` convolutions give, where that is known: none of them is built. */
export interface Front {
  readonly stages: number;
  readonly maps: Expr;
}

/** Runs `faces` [n, channels, height, width], values in [-1, 1], through the net, or `front` through the rest of it. */
export function deepid2plus(config: NetConfig, scope: Scope, faces: Expr, front?: Front): Activations {
  const activations: Record<string, Expr> = {};
  let x = front?.maps ?? faces;
  KERNELS.forEach((kernel, i) => {
    const stage = i + 1;
    if (front && stage <= front.stages) return;
    x = convolve(scope, x, convolution(config, stage, kernel)); // [n, 128, h, w]: 26×22, 12×10, 5×4, 4×3
    activations[`conv${stage}`] = x;
    if (config.taps.includes(stage)) {
      const name = `fc${stage}`;
      activations[name] = connect(scope, [x], {
        name,
        neurons: config.neurons,
        normalise: config.normalisation === "batch",
      }); // [n, 512]
    }
  });
  return activations;
}

/** What convolution `stage` (1 to 4) is like in this config. */
export const convolution = (config: NetConfig, stage: number, kernel: number) => ({
  name: `conv${stage}`,
  maps: config.maps[stage - 1],
  kernel,
  sharing: stage === 3 ? config.conv3 : stage === 4 ? config.conv4 : "shared",
  pool: stage < 4,
  normalise: config.normalisation === "batch",
});
