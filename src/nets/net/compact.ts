/**
 * Weights of a released net in one byte each: a scale for every output channel, whole numbers from -127 to 127.
 * They become float32 again when a runtime loads the net, which folds constants, so that speed is the same.
 */
import { cast, constant, type Expr, input, mul, type Shape, scalar, sub } from "../../math/graph/index.ts";

/** How a released net stores its weights; biases are float32 always. */
export type Precision = "float32" | "int8";

/** Added to a whole number so that it is a byte of ONNX type uint8. */
const ZERO = 128;

/** `values` [shape] as an expression over bytes; the error of a weight is at most half its channel's scale. */
export function compactConstant(values: Float32Array, shape: Shape, name?: string): Expr {
  const { whole, scales } = toWhole(values, shape, 127);
  const bytes = Uint8Array.from(whole, (value) => ZERO + value);
  return scaled(constant(bytes, shape, name), constant(scales, scaleShape(shape), name && scaleOf(name)));
}

/** The same without its numbers, which are inputs. */
export const compactInput = (name: string, shape: Shape): Expr =>
  scaled(input(name, shape, "uint8"), input(scaleOf(name), scaleShape(shape)));

const scaled = (bytes: Expr, scales: Expr): Expr => mul(sub(cast(bytes, "float32"), scalar(ZERO)), scales);

function scaleShape(shape: Shape): Shape {
  const channels = outputsFirst(shape) ? 0 : shape.length - 1;
  return shape.map((side, axis) => (axis === channels ? side : 1));
}

/** `values` [shape] as whole numbers from -`largest` to `largest`, with a scale for each output channel. */
export function toWhole(
  values: Float32Array,
  shape: Shape,
  largest: number,
): { whole: Int8Array; scales: Float32Array } {
  const channelOf = outputChannel(shape);
  const scales = new Float32Array(outputsFirst(shape) ? shape[0] : shape[shape.length - 1]);
  values.forEach((value, i) => {
    const channel = channelOf(i);
    scales[channel] = Math.max(scales[channel], Math.abs(value) / largest);
  });
  const whole = Int8Array.from(values, (value, i) => {
    const scale = scales[channelOf(i)];
    return scale > 0 ? Math.round(value / scale) : 0;
  });
  return { whole, scales };
}

/** The constant that holds the scales of weights `name`. */
const scaleOf = (name: string) => `${name}.scale`;

/** The parameter `name` [shape] out of a released net's constants, as floats; undefined where it is not among them. */
export function storedValues(
  constants: ReadonlyMap<string, Float32Array | Uint8Array>,
  name: string,
  shape: Shape,
): Float32Array | undefined {
  const values = constants.get(name);
  const scales = constants.get(scaleOf(name));
  if (!(values instanceof Uint8Array)) return values;
  if (!scales) return undefined;
  const channelOf = outputChannel(shape);
  return Float32Array.from(values, (value, i) => (value - ZERO) * scales[channelOf(i)]);
}

/** Convolutions shared over the image hold their output maps on the first axis, all other weights on the last. */
export const outputsFirst = (shape: Shape): boolean => shape.length === 4;

/** The output channel that weight `i` of a tensor of this shape belongs to. */
export function outputChannel(shape: Shape): (i: number) => number {
  const last = shape[shape.length - 1];
  const block = shape.slice(1).reduce((product, side) => product * side, 1);
  return outputsFirst(shape) ? (i) => Math.floor(i / block) : (i) => i % last;
}
