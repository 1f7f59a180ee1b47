/**
 * Convolution and pooling on [n, channels, height, width]. Convolutions are "valid" (no padding), stride 1.
 *
 * The backward formulations are the fastest found in standard ONNX operators on CPU (conv2 of the paper's net,
 * batch 128, 2 cores): input gradient by ConvTranspose 79 ms (a padded Conv 84), weight gradient by patches and
 * one Gemm 107 ms (nine Gemms 160, a Conv with batch and channels swapped 350).
 */
import { InputError } from "../../../base/errors/index.ts";
import { apply, type Expr, requireFloats, scalar, show } from "../expression.ts";
import { equal, where } from "./elementwise.ts";
import { concat, pad, reshape, slice, transpose } from "./layout.ts";
import { gemm } from "./matmul.ts";
import { sum } from "./reduce.ts";

/** Convolves `x` [n, c, h, w] with `weights` [o, c, k, k] and adds `bias` [o], if any: [n, o, h-k+1, w-k+1]. */
export function conv2d(x: Expr, weights: Expr, bias?: Expr): Expr {
  const [n, channels, height, width] = x.shape;
  const [maps, from, k] = weights.shape;
  if (
    from !== channels ||
    weights.shape[3] !== k ||
    (bias && bias.shape[0] !== maps) ||
    !(k <= Math.min(height, width))
  ) {
    throw new InputError(
      `conv2d: ${show(weights.shape)} and bias ${show(bias?.shape ?? [])} do not fit ${show(x.shape)}`,
    );
  }
  requireFloats("conv2d", x, weights, ...(bias ? [bias] : []));
  const rule = (dy: Expr) => {
    const rows = toRows(dy);
    return [convTranspose2d(dy, weights), weightGradient(x, rows, k), ...(bias ? [sum(rows, [0])] : [])];
  };
  return apply(
    "Conv",
    bias ? [x, weights, bias] : [x, weights],
    [n, maps, height - k + 1, width - k + 1],
    rule,
    {
      attributes: { kernel_shape: [k, k] },
    },
  );
}

/** The adjoint of conv2d in its input: [n, o, h, w] with [o, c, k, k] gives [n, c, h+k-1, w+k-1]. */
function convTranspose2d(y: Expr, weights: Expr): Expr {
  const [n, , height, width] = y.shape;
  const [, channels, k] = weights.shape;
  return apply("ConvTranspose", [y, weights], [n, channels, height + k - 1, width + k - 1], undefined, {
    attributes: { kernel_shape: [k, k] },
  });
}

/** [n, c, h, w] to [n h w, c]: one row a pixel. */
function toRows(x: Expr): Expr {
  const [n, channels, height, width] = x.shape;
  return reshape(transpose(x, [0, 2, 3, 1]), [n * height * width, channels]);
}

/** dL/dW [o, c, k, k] from the input [n, c, h, w] and the output's gradient as rows [n h' w', o]. */
function weightGradient(x: Expr, dyRows: Expr, k: number): Expr {
  const channels = x.shape[1];
  const rows = patches(x, k); // [n, h', w', k k c]
  const flat = reshape(rows, [dyRows.shape[0], k * k * channels]);
  const product = gemm(flat, dyRows, { transA: true }); // [k k c, o]
  return transpose(reshape(product, [k, k, channels, dyRows.shape[1]]), [3, 2, 0, 1]);
}

/** Every k × k patch of `x` [n, c, h, w], pixel by pixel with its channels: [n, h-k+1, w-k+1, k k c]. */
export function patches(x: Expr, k: number): Expr {
  const [, , height, width] = x.shape;
  const pixels = transpose(x, [0, 2, 3, 1]);
  const shifts = Array.from({ length: k * k }, (_, i) => [Math.floor(i / k), i % k]);
  return concat(
    shifts.map(([top, left]) =>
      slice(pixels, [1, 2], [top, left], [top + height - k + 1, left + width - k + 1]),
    ),
    3,
  );
}

/**
 * Maximum over 2 × 2 windows, stride 2; an odd last row or column is dropped. The gradient goes to the largest
 * value of each window; equal largest values (only seen with constant input) each receive all of it.
 */
export function maxPool(x: Expr): Expr {
  const [n, channels, height, width] = x.shape;
  const [h, w] = [Math.floor(height / 2), Math.floor(width / 2)];
  if (x.shape.length !== 4 || !(h >= 1 && w >= 1)) {
    throw new InputError(`maxPool: ${show(x.shape)} is not [n, channels, height, width] of 2 x 2 or more`);
  }
  requireFloats("maxPool", x);
  const rule = (dy: Expr, y: Expr) => {
    // Equality broadcasts fast along the last axis only, so channels go last.
    const last = (t: Expr) => transpose(t, [0, 2, 3, 1]);
    const even = slice(x, [2, 3], [0, 0], [2 * h, 2 * w]);
    const window = (t: Expr) => reshape(last(t), [n * h, 1, w, 1, channels]);
    const winner = equal(reshape(last(even), [n * h, 2, w, 2, channels]), window(y));
    const spread = reshape(where(winner, window(dy), scalar(0)), [n, 2 * h, 2 * w, channels]);
    const dx = transpose(spread, [0, 3, 1, 2]);
    const missing = [0, 0, height - 2 * h, width - 2 * w];
    return [missing.some(Boolean) ? pad(dx, [0, 0, 0, 0], missing) : dx];
  };
  return apply("MaxPool", [x], [n, channels, h, w], rule, {
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  });
}
