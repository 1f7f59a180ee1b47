/** Convolution in eight-bit integers, which CPUs do several times as fast as in float32. No gradient flows through it. */
import { InputError } from "../../../base/errors/index.ts";
import { apply, constant, type Expr, scalar, show } from "../expression.ts";

/** A tensor of bytes that stands for scale (byte - zero). `zero` need not be a byte where it is convolved. */
export interface Bytes {
  readonly values: Expr;
  readonly scale: number;
  readonly zero: number;
}

/** The weights of a convolution [o, c, k, k] as scales[o] times whole numbers, and its bias [o]. */
export interface WholeWeights {
  readonly whole: Int8Array;
  readonly scales: Float32Array;
  readonly bias: Float32Array;
  readonly kernel: number;
}

/** max(conv(x, weights) + bias, 0) as bytes of which one step is `scale`; what is above 255 steps becomes 255. */
export function convolveBytes(x: Bytes, { whole, scales, bias, kernel }: WholeWeights, scale: number): Bytes {
  const [n, channels, height, width] = x.values.shape;
  const maps = scales.length;
  if (x.values.dtype !== "uint8" || whole.length !== maps * channels * kernel * kernel) {
    const given = `${whole.length} weights of ${maps} maps and kernels of ${kernel}`;
    throw new InputError(`convolveBytes: ${given} do not fit ${x.values.dtype} ${show(x.values.shape)}`);
  }
  const zero = Math.ceil(x.zero);
  const size = channels * kernel * kernel;
  const wholeBias = Int32Array.from(bias, (b, o) => {
    const weights = whole.subarray(o * size, (o + 1) * size).reduce((sum, w) => sum + w, 0);
    return Math.round(b / (x.scale * scales[o]) + (zero - x.zero) * weights); // what the zero is off
  });
  const inputs = [
    x.values,
    scalar(x.scale),
    byte(zero),
    constant(whole, [maps, channels, kernel, kernel]),
    constant(scales, [maps]),
    constant(new Int8Array(maps), [maps]),
    scalar(scale),
    byte(0),
    constant(wholeBias, [maps]),
  ];
  const shape = [n, maps, height - kernel + 1, width - kernel + 1];
  const attributes = { kernel_shape: [kernel, kernel] };
  return { values: apply("QLinearConv", inputs, shape, undefined, { attributes }), scale, zero: 0 };
}

/** Maximum over 2 x 2 windows, stride 2, as `maxPool` has it for floats. */
export function poolBytes({ values, ...rest }: Bytes): Bytes {
  const [n, channels, height, width] = values.shape;
  const shape = [n, channels, Math.floor(height / 2), Math.floor(width / 2)];
  const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
  return { values: apply("MaxPool", [values], shape, undefined, { attributes }), ...rest };
}

/** The floats that bytes stand for. */
export const toFloats = ({ values, scale, zero }: Bytes): Expr =>
  apply("DequantizeLinear", [values, scalar(scale), byte(zero)], values.shape, undefined, {
    dtype: "float32",
  });

const byte = (value: number): Expr => constant(Uint8Array.of(value), []);
