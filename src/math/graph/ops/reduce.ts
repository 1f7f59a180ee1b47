/** Sums, means and maxima over axes. */
import { InputError } from "../../../base/errors/index.ts";
import {
  apply,
  type Expr,
  integers,
  noGradient,
  requireFloats,
  type Shape,
  sameShape,
  show,
} from "../expression.ts";
import { reshape } from "./layout.ts";

export interface ReduceOptions {
  /** Keep the reduced axes with side 1 (default false). */
  readonly keep?: boolean;
}

/** Sum over `axes` (default: all). */
export function sum(
  x: Expr,
  axes: readonly number[] = allAxes(x),
  { keep = false }: ReduceOptions = {},
): Expr {
  const kept = keptShape("sum", x, axes);
  if (axes.length === 0) return x; // ONNX would take no axes for all
  const shape = keep ? kept : dropped(kept, axes);
  return apply(
    "ReduceSum",
    [x, integers(axes)],
    shape,
    (dy) => [expand(reshape(dy, kept), x.shape), undefined],
    {
      attributes: { keepdims: Number(keep) },
    },
  );
}

/** Maximum over `axes`, kept with side 1. Not differentiable: it only serves to keep exponentials small. */
export function max(x: Expr, axes: readonly number[]): Expr {
  const shape = keptShape("max", x, axes);
  const options = { attributes: { keepdims: 1 } };
  return axes.length === 0 ? x : apply("ReduceMax", [x, integers(axes)], shape, noGradient, options);
}

/** Sums `x` over the axes along which a tensor of `shape` was broadcast to it: the gradient of broadcasting. */
export function sumTo(x: Expr, shape: Shape): Expr {
  if (sameShape(x.shape, shape)) return x;
  if (!broadcasts(shape, x.shape)) {
    throw new InputError(`sumTo: ${show(shape)} does not broadcast to ${show(x.shape)}`);
  }
  const extra = x.shape.length - shape.length;
  const axes = x.shape.flatMap((side, axis) =>
    axis < extra || (shape[axis - extra] === 1 && side > 1) ? [axis] : [],
  );
  const total = axes.length ? sum(x, axes, { keep: true }) : x;
  return sameShape(total.shape, shape) ? total : reshape(total, shape);
}

/** Repeats `x` along its axes of side 1 until it has `shape`. */
export function expand(x: Expr, shape: Shape): Expr {
  if (sameShape(x.shape, shape)) return x;
  if (!broadcasts(x.shape, shape)) {
    throw new InputError(`expand: ${show(x.shape)} does not broadcast to ${show(shape)}`);
  }
  return apply("Expand", [x, integers(shape)], shape, (dy) => [sumTo(dy, x.shape), undefined]);
}

/** Whether a tensor of shape `from` can be repeated along its sides of 1, and new first axes, to have shape `to`. */
const broadcasts = (from: Shape, to: Shape) =>
  from.length <= to.length &&
  from.every((side, axis) => side === 1 || side === to[axis + to.length - from.length]);

const allAxes = (x: Expr) => x.shape.map((_, axis) => axis);
const dropped = (shape: Shape, axes: readonly number[]) => shape.filter((_, axis) => !axes.includes(axis));

function keptShape(op: string, x: Expr, axes: readonly number[]): Shape {
  requireFloats(op, x);
  if (!axes.every((axis) => axis >= 0 && axis < x.shape.length)) {
    throw new InputError(`${op}: axes ${show(axes)} do not fit a tensor of shape ${show(x.shape)}`);
  }
  return x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
}
