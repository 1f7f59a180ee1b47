/** Operators that move values without changing them. */
import { InputError } from "../../../base/errors/index.ts";
import { apply, constant, type Expr, integers, type Shape, sameShape, show, sizeOf } from "../expression.ts";

/**
 * The same values in another shape. So that the batch may vary in a released net, a first side that stays as it
 * was is written as "as it was"; a batch that ends up in another side is named by `free`.
 */
export function reshape(x: Expr, shape: Shape, free?: number): Expr {
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw new InputError(
      `reshape: ${show(x.shape)} has ${sizeOf(x.shape)} values, ${show(shape)} ${sizeOf(shape)}`,
    );
  }
  const keepsFirst = free === undefined && shape.length > 0 && shape[0] === x.shape[0];
  const target = keepsFirst ? [0, ...shape.slice(1)] : shape.map((side, axis) => (axis === free ? -1 : side));
  return apply("Reshape", [x, integers(target)], shape, (dy) => [reshape(dy, x.shape), undefined]);
}

/** [n, ...] to [n, product of the rest]. */
export const flatten = (x: Expr): Expr => reshape(x, [x.shape[0], sizeOf(x.shape) / x.shape[0]]);

/** Axis `axes[i]` of `x` becomes axis i. */
export function transpose(x: Expr, axes: readonly number[]): Expr {
  if ([...axes].sort().join() !== [...x.shape.keys()].join()) {
    throw new InputError(`transpose: ${show(axes)} is no permutation of the axes of ${show(x.shape)}`);
  }
  const shape = axes.map((axis) => x.shape[axis]);
  const inverse = axes.map((_, axis) => axes.indexOf(axis));
  return apply("Transpose", [x], shape, (dy) => [transpose(dy, inverse)], {
    attributes: { perm: axes },
  });
}

/** Values `from` (inclusive) to `to` (exclusive) along each of `axes`. */
export function slice(
  x: Expr,
  axes: readonly number[],
  from: readonly number[],
  to: readonly number[],
): Expr {
  const shape = [...x.shape];
  axes.forEach((axis, i) => {
    if (!(from[i] >= 0 && from[i] < to[i] && to[i] <= x.shape[axis])) {
      throw new InputError(`slice: ${from[i]} to ${to[i]} is not inside axis ${axis} of ${show(x.shape)}`);
    }
    shape[axis] = to[i] - from[i];
  });
  if (sameShape(shape, x.shape)) return x;
  const before = x.shape.map((_, axis) => (axes.includes(axis) ? from[axes.indexOf(axis)] : 0));
  const after = x.shape.map((side, axis) => (axes.includes(axis) ? side - to[axes.indexOf(axis)] : 0));
  const rule = (dy: Expr) => [pad(dy, before, after), undefined, undefined, undefined];
  return apply("Slice", [x, integers(from), integers(to), integers(axes)], shape, rule);
}

/** Surrounds `x` with zeros: `before[axis]` of them in front and `after[axis]` behind. */
export function pad(x: Expr, before: Shape, after: Shape): Expr {
  const fits = (zeros: Shape) =>
    zeros.length === x.shape.length && zeros.every((count) => Number.isInteger(count) && count >= 0);
  if (!fits(before) || !fits(after)) {
    throw new InputError(`pad: ${show(before)} before and ${show(after)} after do not fit ${show(x.shape)}`);
  }
  const shape = x.shape.map((side, axis) => before[axis] + side + after[axis]);
  const rule = (dy: Expr) => [
    slice(
      dy,
      [...x.shape.keys()],
      before,
      x.shape.map((side, axis) => before[axis] + side),
    ),
    undefined,
  ];
  return apply("Pad", [x, integers([...before, ...after])], shape, rule);
}

/** Joins tensors along `axis`. */
export function concat(parts: readonly Expr[], axis: number): Expr {
  const [first] = parts;
  for (const { shape, dtype } of parts) {
    const fits =
      axis in first.shape &&
      shape.length === first.shape.length &&
      shape.every((side, i) => i === axis || side === first.shape[i]);
    if (!fits || dtype !== first.dtype) {
      throw new InputError(
        `concat: ${dtype} ${show(shape)} does not join ${first.dtype} ${show(first.shape)} along axis ${axis}`,
      );
    }
  }
  const shape = [...first.shape];
  shape[axis] = parts.reduce((total, part) => total + part.shape[axis], 0);
  const rule = (dy: Expr) => {
    let end = 0;
    return parts.map((part) => {
      const start = end;
      end += part.shape[axis];
      return slice(dy, [axis], [start], [end]);
    });
  };
  return apply("Concat", parts, shape, rule, { attributes: { axis } });
}

/** Tensors of one shape as parts of one more axis in front. */
export const stack = (parts: readonly Expr[]): Expr =>
  concat(
    parts.map((x) => reshape(x, [1, ...x.shape])),
    0,
  );

/** The whole numbers 0 to n - 1 as float32 [1, n]. */
export const range = (n: number): Expr =>
  constant(
    Float32Array.from({ length: n }, (_, i) => i),
    [1, n],
  );
