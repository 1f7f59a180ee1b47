/** The parts that DeepID2+ and DeepID2 are built from. */
import { InputError } from "../../base/errors/index.ts";
import {
  add,
  batchedMatmul,
  concat,
  conv2d,
  differentiatedBy,
  div,
  type Expr,
  flatten,
  gemm,
  maxPool,
  mean,
  mul,
  patches,
  relu,
  reshape,
  type Shape,
  scalar,
  scale,
  sqrt,
  square,
  stopGradient,
  sub,
  transpose,
} from "../../math/graph/index.ts";
import { filled, he, type Scope } from "./scope.ts";

/** How one convolution shares its weights over the image. */
export type Sharing = "shared" | "blocks" | "unshared";

interface Convolution {
  readonly name: string;
  readonly maps: number;
  readonly kernel: number;
  readonly sharing: Sharing;
  readonly pool: boolean;
  readonly normalise: boolean;
}

/** Convolution, then (where asked) 2 × 2 max pooling, then ReLU: pooling first gives the same for a quarter of the work. */
export function convolve(
  scope: Scope,
  x: Expr,
  { name, maps, kernel, sharing, pool, normalise }: Convolution,
): Expr {
  const side = sharing === "shared" ? 0 : sharing === "blocks" ? 2 : 1;
  const sums =
    side === 0
      ? sharedSums(scope, x, { name, maps, kernel })
      : localSums(scope, x, { name, maps, kernel, side });
  const pooled = pool ? maxPool(sums) : sums;
  // The bias comes last: a constant passes through the maximum unchanged.
  return relu(centre(scope, pooled, { name, shape: [1, maps, 1, 1], normalise }));
}

/** Fully connected layer with ReLU on everything that `sources` hold: an FC-n. */
export function connect(
  scope: Scope,
  sources: readonly Expr[],
  {
    name,
    neurons,
    normalise,
  }: { readonly name: string; readonly neurons: number; readonly normalise: boolean },
): Expr {
  const x = sources.length === 1 ? flatten(sources[0]) : concat(sources.map(flatten), 1);
  const from = x.shape[1];
  const shape = [from, neurons];
  const weights = scope.parameter({
    name: `${name}.weight`,
    shape,
    kind: "weight",
    initialise: he(shape, from),
  });
  return relu(centre(scope, gemm(x, weights), { name, shape: [1, neurons], normalise }));
}

interface Kernels {
  readonly name: string;
  readonly maps: number;
  readonly kernel: number;
}

function sharedSums(scope: Scope, x: Expr, { name, maps, kernel }: Kernels): Expr {
  const channels = x.shape[1];
  const shape = [maps, channels, kernel, kernel];
  const initialise = he(shape, channels * kernel * kernel);
  return conv2d(x, scope.parameter({ name: `${name}.weight`, shape, kind: "weight", initialise }));
}

/**
 * Convolution with one weight set per `side` × `side` block of outputs: side 2 is the family's "locally shared
 * in every 2 × 2 region", side 1 its unshared layer. Weights [blocks, k k c, maps]; as one product per block.
 */
function localSums(
  scope: Scope,
  x: Expr,
  { name, maps, kernel, side }: Kernels & { readonly side: number },
): Expr {
  const rows = patches(x, kernel); // [n, h, w, k k c]
  const [n, height, width, depth] = rows.shape;
  const [down, across] = [height / side, width / side];
  if (!Number.isInteger(down) || !Number.isInteger(across)) {
    throw new InputError(`${name}: ${height} x ${width} outputs do not divide into ${side} x ${side} blocks`);
  }
  const shape = [down * across, depth, maps];
  const weights = scope.parameter({
    name: `${name}.weight`,
    shape,
    kind: "weight",
    initialise: he(shape, depth),
  });
  const blocked = transpose(reshape(rows, [n, down, side, across, side * depth]), [1, 3, 0, 2, 4]);
  const product = batchedMatmul(reshape(blocked, [down * across, n * side * side, depth], 1), weights);
  const pixels = transpose(reshape(product, [down, across, n, side, side * maps], 2), [2, 0, 3, 1, 4]);
  return transpose(reshape(pixels, [n, height, width, maps]), [0, 3, 1, 2]);
}

/** How far the running statistics move towards each batch's. */
const MOMENTUM = 0.1;
/** Keeps the square root of a variance away from 0. */
export const EPSILON = 1e-5;

/**
 * Adds the layer's bias [shape]. With normalisation, first brings each channel's sums to mean 0 and variance 1
 * over the batch (Ioffe and Szegedy, 2015). There is no learned gain: ReLU lets the next layer's weights carry
 * it, and a gain of 1 is what makes the whole fold into this layer's weights on release.
 */
function centre(
  scope: Scope,
  sums: Expr,
  { name, shape, normalise }: { readonly name: string; readonly shape: Shape; readonly normalise: boolean },
): Expr {
  const bias = scope.parameter({ name: `${name}.bias`, shape, kind: "bias", initialise: filled(shape, 0) });
  scope.observe?.(name, sums);
  if (!normalise) return add(sums, bias);
  const statistic = (which: string, start: number) =>
    scope.parameter({ name: `${name}.${which}`, shape, kind: "statistic", initialise: filled(shape, start) });
  const [runningMean, runningVariance] = [statistic("mean", 0), statistic("variance", 1)];
  const update = scope.isFrozen?.(name) ? undefined : scope.update;
  if (!update) return add(div(sub(sums, runningMean), sqrt(add(runningVariance, scalar(EPSILON)))), bias);
  const { normal, mean: batchMean, variance } = batchNormal(sums);
  const moved = (old: Expr, now: Expr) =>
    add(scale(old, 1 - MOMENTUM), scale(reshape(stopGradient(now), shape), MOMENTUM));
  update(`${name}.mean`, moved(runningMean, batchMean));
  update(`${name}.variance`, moved(runningVariance, variance));
  return add(normal, bias);
}

/** Each channel (axis 1) of `x` with mean 0 and variance 1 over all other axes; the derivative as one formula. */
export function batchNormal(x: Expr): { normal: Expr; mean: Expr; variance: Expr } {
  const axes = [...x.shape.keys()].filter((axis) => axis !== 1);
  const average = (t: Expr) => mean(t, axes, { keep: true });
  const batchMean = average(x);
  const centred = sub(x, batchMean);
  const variance = average(square(centred));
  const inverse = div(scalar(1), sqrt(add(variance, scalar(EPSILON))));
  const value = mul(centred, inverse);
  const normal = differentiatedBy(value, [x], (dy) => [
    mul(sub(sub(dy, average(dy)), mul(value, average(mul(dy, value)))), inverse),
  ]);
  return { normal, mean: batchMean, variance };
}

/** Silences neurons by `mask` [n, neurons], which holds 0 or 1 / keep rate. */
export const dropout = (x: Expr, mask: Expr): Expr => mul(x, mask);
