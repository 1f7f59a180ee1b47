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
} from "../graph/index.ts";
import { outputChannel } from "./compact.ts";
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
  let maps: Bytes = { values: crops, scale: 1 / 127.5, zero: MIDDLE };
  layers.forEach((layer, i) => {
    const top = Math.max(...weights[`${layer}.bias`]) + DEVIATIONS;
    maps = poolBytes(convolveBytes(maps, wholeWeights(folded, layer, KERNELS[i], maps), top / 255));
  });
  return { stages, maps: toFloats(maps) };
}

/** Whether a layer's statistics exist and are not what they began as. */
const isMeasured = (weights: Weights, layer: string): boolean =>
  weights[`${layer}.mean`]?.some((mean) => mean !== 0) ?? false;

/** Largest whole weight: with more, processors without VNNI instructions overflow where they add two products in 16 bits. */
const LARGEST = 63;

/** The byte of a crop that stands for 0, nearly: a byte b stands for (b - 127.5) / 127.5, and 127.5 is no byte. */
const MIDDLE = 128;

function wholeWeights(folded: Weights, layer: string, kernel: number, { scale, zero }: Bytes): WholeWeights {
  const weights = folded[`${layer}.weight`];
  const bias = Float32Array.from(folded[`${layer}.bias`]);
  const maps = bias.length;
  const channelOf = outputChannel([maps, weights.length / (maps * kernel * kernel), kernel, kernel]);
  const scales = new Float32Array(maps).fill(1e-6); // not 0, where a map has no weights
  const off = zero === MIDDLE ? 0.5 * scale : 0;
  weights.forEach((w, i) => {
    const channel = channelOf(i);
    scales[channel] = Math.max(scales[channel], Math.abs(w) / LARGEST);
    bias[channel] += w * off;
  });
  const whole = Int8Array.from(weights, (w, i) => Math.round(w / scales[channelOf(i)]));
  return { whole, scales, bias, kernel };
}
