/**
 * The first convolutions of a net that is trained from there on, in eight-bit integers (weights in seven bits). In float32
 * they are half of a training step's work; their weights are released in eight bits anyway.
 */
import {
  type Bytes,
  convolveBytes,
  type Expr,
  poolBytes,
  toFloats,
  type WholeWeights,
} from "../../math/graph/index.ts";
import { toWhole } from "./compact.ts";
import { KERNELS, type NetConfig } from "./config.ts";
import type { Front } from "./deepid2plus.ts";
import { foldWeights } from "./fold.ts";
import type { Weights } from "./scope.ts";

/** Convolutions that can be had so: those that share their weights over the image in every net. */
const STAGES = 2;

/**
 * Sums are normalised to deviation 1 before the bias is added, so that hardly any lie above it by more than this: the range
 * of the bytes is known without measuring activations. (With 6 the error was twice as large: one sum in 4,000 lay above.)
 */
const DEVIATIONS = 12;

/**
 * What the first convolutions with `weights`, at most `frozen` of them, give for `crops`, bytes [n, channels, height, width]:
 * the net's conv1 or conv2 up to rounding (3 % of their root mean square). Undefined where the range of its sums is not
 * known, so that they have to be computed in float32.
 */
export function wholeFront(
  config: NetConfig,
  weights: Weights,
  crops: Expr,
  frozen: number,
): Front | undefined {
  const stages = Math.min(frozen, STAGES);
  const layers = Array.from({ length: stages }, (_, i) => `conv${i + 1}`);
  if (stages === 0 || config.family !== "deepid2plus") return undefined;
  if (!layers.every((layer) => isMeasured(weights, layer))) return undefined;
  const { weights: folded } = foldWeights(config, weights);
  let maps: Bytes = { values: crops, scale: 1 / 127.5, zero: 127.5 };
  layers.forEach((layer, i) => {
    const top = Math.max(...weights[`${layer}.bias`]) + DEVIATIONS;
    maps = poolBytes(convolveBytes(maps, wholeWeights(folded, layer, KERNELS[i]), top / 255));
  });
  return { stages, maps: toFloats(maps) };
}

/** Whether a layer's statistics exist and are not what they began as. */
const isMeasured = (weights: Weights, layer: string): boolean =>
  weights[`${layer}.mean`]?.some((mean) => mean !== 0) ?? false;

/** Largest whole weight: with more, processors without VNNI instructions overflow where they add two products in 16 bits. */
const LARGEST = 63;

function wholeWeights(folded: Weights, layer: string, kernel: number): WholeWeights {
  const weights = folded[`${layer}.weight`];
  const bias = folded[`${layer}.bias`];
  const channels = weights.length / (bias.length * kernel * kernel);
  const { whole, scales } = toWhole(weights, [bias.length, channels, kernel, kernel], LARGEST);
  return { whole, scales: scales.map((scale) => Math.max(scale, 1e-6)), bias, kernel }; // a map may have no weights
}
