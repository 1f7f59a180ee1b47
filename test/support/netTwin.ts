/** The nets and their two signals once more: float64, plain loops, written from the papers' formulas. */
import type { NetConfig } from "../../src/nets/net/index.ts";
import { type Tensor64, tabulate } from "./float64.ts";

export type Parameters64 = Readonly<Record<string, Tensor64>>;

/** Mean and variance of each channel over a batch, by layer: what batch normalisation has seen. */
export type Statistics = Record<string, { mean: Float64Array; variance: Float64Array }>;

export interface TwinOptions {
  /** Batch statistics are taken from the batch and put here; else from the parameters. */
  readonly seen?: Statistics;
}

/** Activations conv1 to conv4 [n, maps, h, w] and fc1 to fc4 [n, neurons] of `faces` [n, channels, h, w]. */
export function forwardTwin(
  config: NetConfig,
  parameters: Parameters64,
  faces: Tensor64,
  options: TwinOptions = {},
): Record<string, Tensor64> {
  const results: Record<string, Tensor64> = {};
  const finish = (sums: Tensor64, layer: string) =>
    rectified(plusBias(normalised(sums, layer, config, parameters, options), parameters[`${layer}.bias`]));
  let x = faces;
  for (const [stage, kernel] of [4, 3, 3, 2].entries()) {
    const layer = `conv${stage + 1}`;
    const side = sideOf(config, stage + 1);
    const sums = convolution(x, parameters[`${layer}.weight`], config.maps[stage], kernel, side);
    x = finish(stage < 3 ? pooled(sums) : sums, layer);
    results[layer] = x;
    const fc = `fc${stage + 1}`;
    if (config.taps.includes(stage + 1)) {
      const sources = config.family === "deepid2" ? [results.conv3, results.conv4] : [x];
      results[fc] = finish(product(joined(sources), parameters[`${fc}.weight`]), fc);
    }
  }
  return results;
}

/** Side of the blocks of outputs that share weights; 0 where all do. */
function sideOf({ conv3, conv4 }: NetConfig, stage: number): number {
  if (stage === 3) return conv3 === "blocks" ? 2 : 0;
  return stage === 4 && conv4 === "unshared" ? 1 : 0;
}

/**
 * Valid convolution. `side` 0: weights [maps, channels, k, k]. Otherwise each block of `side` × `side` outputs has
 * weights of its own: [blocks, k k channels, maps], blocks by rows, inputs by row, column, channel.
 */
export function convolution(x: Tensor64, weights: Tensor64, maps: number, k: number, side: number): Tensor64 {
  const [n, channels, height, width] = x.shape;
  const [h, w] = [height - k + 1, width - k + 1];
  // Steps through the weights: from one map, channel, row or column to the next, and from block to block.
  const shared = side === 0;
  const [map, channel, row, column] = shared
    ? [channels * k * k, k * k, k, 1]
    : [1, maps, k * channels * maps, channels * maps];
  const blockOf = (i: number, j: number) =>
    shared ? 0 : Math.floor(i / side) * Math.floor(w / side) + Math.floor(j / side);
  return tabulate([n, maps, h, w], ([face, o, i, j]) => {
    const first = blockOf(i, j) * k * k * channels * maps + o * map;
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < k; p++) {
        const from = ((face * channels + c) * height + i + p) * width + j;
        const to = first + c * channel + p * row;
        for (let q = 0; q < k; q++) sum += x.data[from + q] * weights.data[to + q * column];
      }
    }
    return sum;
  });
}

function pooled({ shape: [n, channels, height, width], data }: Tensor64): Tensor64 {
  return tabulate([n, channels, height >> 1, width >> 1], ([face, c, i, j]) => {
    const at = ((face * channels + c) * height + 2 * i) * width + 2 * j;
    return Math.max(data[at], data[at + 1], data[at + width], data[at + width + 1]);
  });
}

/** Rows [n, everything of each source in turn]. */
function joined(sources: readonly Tensor64[]): Tensor64 {
  const n = sources[0].shape[0];
  const rows = Array.from({ length: n }, (_, face) =>
    sources.flatMap(({ data }) =>
      Array.from(data.subarray((face * data.length) / n, ((face + 1) * data.length) / n)),
    ),
  );
  return { shape: [n, rows[0].length], data: Float64Array.from(rows.flat()) };
}

function product(x: Tensor64, weights: Tensor64): Tensor64 {
  const [n, from] = x.shape;
  const to = weights.shape[1];
  return tabulate([n, to], ([row, column]) => {
    let sum = 0;
    for (let k = 0; k < from; k++) sum += x.data[row * from + k] * weights.data[k * to + column];
    return sum;
  });
}

const transposed = ({ shape: [rows, columns], data }: Tensor64): Tensor64 =>
  tabulate([columns, rows], ([i, j]) => data[j * columns + i]);

const channelOf = ({ shape }: Tensor64, at: number) => {
  const pixels = shape.slice(2).reduce((size, side) => size * side, 1);
  return Math.floor(at / pixels) % shape[1];
};

const plusBias = (x: Tensor64, bias: Tensor64): Tensor64 => ({
  shape: x.shape,
  data: x.data.map((value, at) => value + bias.data[channelOf(x, at)]),
});

const rectified = ({ shape, data }: Tensor64): Tensor64 => ({ shape, data: data.map((v) => Math.max(0, v)) });

function normalised(
  x: Tensor64,
  layer: string,
  { normalisation }: NetConfig,
  parameters: Parameters64,
  { seen }: TwinOptions,
): Tensor64 {
  if (normalisation === "none") return x;
  const stored = () => ({
    mean: parameters[`${layer}.mean`].data,
    variance: parameters[`${layer}.variance`].data,
  });
  const { mean, variance } = seen ? moments(x) : stored();
  if (seen) seen[layer] = { mean, variance };
  const data = x.data.map((value, at) => {
    const c = channelOf(x, at);
    return (value - mean[c]) / Math.sqrt(variance[c] + 1e-5);
  });
  return { shape: x.shape, data };
}

function moments(x: Tensor64) {
  const channels = x.shape[1];
  const each = x.data.length / channels;
  const mean = new Float64Array(channels);
  x.data.forEach((value, at) => {
    mean[channelOf(x, at)] += value / each;
  });
  const variance = new Float64Array(channels);
  x.data.forEach((value, at) => {
    const c = channelOf(x, at);
    variance[c] += (value - mean[c]) ** 2 / each;
  });
  return { mean, variance };
}

/** Mean over the rows of -log softmax(logits)[identity]. */
export function identificationTwin(
  { shape: [n, people], data }: Tensor64,
  identities: ArrayLike<number>,
): number {
  let loss = 0;
  for (let row = 0; row < n; row++) {
    const logits = data.subarray(row * people, (row + 1) * people);
    const largest = Math.max(...logits);
    const partition = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
    loss -= (logits[identities[row]] - largest - Math.log(partition)) / n;
  }
  return loss;
}

/** Distances [n, n] between the rows of `features` [n, d], from 0.001 up: at 0 they have no derivative. */
export function distancesTwin({ shape: [n, d], data }: Tensor64): Tensor64 {
  return tabulate([n, n], ([i, j]) => {
    let squared = 0;
    for (let k = 0; k < d; k++) squared += (data[i * d + k] - data[j * d + k]) ** 2;
    return Math.max(Math.sqrt(squared), 1e-3);
  });
}

/**
 * Mean over the pairs of one person of d²/2, plus mean over the pairs of two people of max(0, margin - d)²/2.
 */
export function verificationTwin(features: Tensor64, identities: ArrayLike<number>, margin: number): number {
  const n = features.shape[0];
  const distances = distancesTwin(features).data;
  const costs = { same: [] as number[], different: [] as number[] };
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const d = distances[i * n + j];
      if (identities[i] === identities[j]) costs.same.push(d ** 2 / 2);
      else costs.different.push(Math.max(0, margin - d) ** 2 / 2);
    }
  }
  const mean = (list: number[]) => list.reduce((sum, cost) => sum + cost, 0) / Math.max(1, list.length);
  return mean(costs.same) + mean(costs.different);
}

/** What one training step sees besides the parameters. */
export interface Batch64 {
  readonly faces: Tensor64; // [n, channels, height, width], -1 to 1
  readonly identities: readonly number[]; // [n]
  readonly masks: Tensor64; // [taps, n, neurons], 0 or 1
  readonly margins: readonly number[];
  readonly lambda: number;
  readonly teacher?: Teacher64;
}

/** What a teacher says of the batch, and the weights of its signal and of the two others. */
export interface Teacher64 {
  readonly targets: Tensor64; // [n, width]
  readonly taps: readonly number[];
  readonly weight: number;
  readonly kernel: number;
  readonly labels: number;
}

/** Mean squared error of a linear map of `features` against the teacher's numbers. */
export function regressionTwin(
  features: Tensor64,
  { weight, bias }: { weight: Tensor64; bias: Tensor64 },
  targets: Tensor64,
): number {
  const { data } = product(features, weight);
  const width = targets.shape[1];
  const errors = data.map((value, at) => (value + bias.data[at % width] - targets.data[at]) ** 2);
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** Errors of the cosines between features: the mean over all pairs of rows, plus that over pairs (2i, 2i + 1). */
export function kernelTwin(features: Tensor64, targets: Tensor64): number {
  const n = features.shape[0];
  const cosine = ({ data, shape: [, d] }: Tensor64, a: number, b: number, least = 0) => {
    let [dot, aa, bb] = [0, least, least];
    for (let i = 0; i < d; i++) {
      dot += data[a * d + i] * data[b * d + i];
      aa += data[a * d + i] ** 2;
      bb += data[b * d + i] ** 2;
    }
    return dot / Math.sqrt(aa * bb);
  };
  const error = (a: number, b: number) => {
    const angle = Math.acos(cosine(targets, a, b));
    const wanted = (Math.sin(angle) + (Math.PI - angle) * Math.cos(angle)) / Math.PI;
    return (cosine(features, a, b, 1e-6) - wanted) ** 2;
  };
  const all: number[] = [];
  const pairs: number[] = [];
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) if (a !== b) all.push(error(a, b));
    pairs.push(error(a, a % 2 === 0 ? a + 1 : a - 1));
  }
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  return mean(all) + mean(pairs);
}

/** All losses of a training step, their weighted sum, and each tap's features. */
export function lossTwin(config: NetConfig, parameters: Parameters64, batch: Batch64, seen: Statistics = {}) {
  const activations = forwardTwin(config, parameters, batch.faces, { seen });
  const size = batch.masks.shape[1] * batch.masks.shape[2];
  const { teacher } = batch;
  const taps = config.taps.map((tap, i) => {
    const features = activations[`fc${tap}`];
    const keep = (value: number, at: number) =>
      (value * batch.masks.data[i * size + at]) / (1 - config.dropout);
    const kept = config.dropout > 0 ? { ...features, data: features.data.map(keep) } : features;
    const classify = () => {
      const weights = transposed(parameters[`id${tap}.weight`]);
      return plusBias(product(kept, weights), parameters[`id${tap}.bias`]);
    };
    const map = () => ({ weight: parameters[`map${tap}.weight`], bias: parameters[`map${tap}.bias`] });
    return {
      features,
      id: teacher?.labels === 0 ? 0 : identificationTwin(classify(), batch.identities),
      ve: verificationTwin(features, batch.identities, batch.margins[i]),
      taught: teacher?.taps.includes(tap) ? regressionTwin(features, map(), teacher.targets) : 0,
      kernel:
        teacher && teacher.kernel > 0 && tap === Math.max(...teacher.taps)
          ? kernelTwin(features, teacher.targets)
          : 0,
    };
  });
  const { labels = 1, weight = 0, kernel = 0 } = teacher ?? {};
  const loss = taps.reduce(
    (sum, t) => sum + labels * (t.id + batch.lambda * t.ve) + weight * t.taught + kernel * t.kernel,
    0,
  );
  return { taps, loss };
}
