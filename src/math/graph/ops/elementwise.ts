/** Operators that work value by value, with NumPy broadcasting. */
import { InputError } from "../../../base/errors/index.ts";
import {
  apply,
  type DType,
  type Expr,
  type GradientRule,
  noGradient,
  ONNX_TYPE,
  requireFloats,
  type Shape,
  sameShape,
  scalar,
  show,
} from "../expression.ts";
import { sumTo } from "./reduce.ts";

/** a + b. */
export const add = (a: Expr, b: Expr): Expr =>
  binary("Add", a, b, (dy) => [sumTo(dy, a.shape), sumTo(dy, b.shape)]);

/** a - b. */
export const sub = (a: Expr, b: Expr): Expr =>
  binary("Sub", a, b, (dy) => [sumTo(dy, a.shape), sumTo(neg(dy), b.shape)]);

/** a b, value by value. */
export const mul = (a: Expr, b: Expr): Expr =>
  binary("Mul", a, b, (dy) => [sumTo(mul(dy, b), a.shape), sumTo(mul(dy, a), b.shape)]);

/** a / b. */
export const div = (a: Expr, b: Expr): Expr =>
  binary("Div", a, b, (dy, y) => {
    const da = div(dy, b);
    return [sumTo(da, a.shape), sumTo(neg(mul(da, y)), b.shape)];
  });

export const neg = (x: Expr): Expr => unary("Neg", x, (dy) => [neg(dy)]);
export const exp = (x: Expr): Expr => unary("Exp", x, (dy, y) => [mul(dy, y)]);
export const log = (x: Expr): Expr => unary("Log", x, (dy) => [div(dy, x)]);

/** Square root; the gradient is infinite at 0, so keep x above it. */
export const sqrt = (x: Expr): Expr => unary("Sqrt", x, (dy, y) => [div(mul(dy, scalar(0.5)), y)]);

/** max(x, 0). At 0 the gradient is 0. (Not by Sign, which the WebGPU provider leaves to the CPU.) */
export const relu = (x: Expr): Expr =>
  unary("Relu", x, (dy, y) => [mul(dy, cast(greater(y, scalar(0)), "float32"))]);

/** max(x, floor) for a constant floor; the gradient passes where x > floor. */
export const atLeast = (x: Expr, floor: number): Expr =>
  binary("Max", x, scalar(floor), (dy) => [where(greater(x, scalar(floor)), dy, scalar(0)), undefined]);

/** k x for a number k. */
export const scale = (x: Expr, factor: number): Expr => mul(x, scalar(factor));

export const square = (x: Expr): Expr => mul(x, x);

/** a > b, as booleans. */
export const greater = (a: Expr, b: Expr): Expr =>
  apply("Greater", [a, b], broadcast("greater", a, b), noGradient, { dtype: "bool" });

/** a = b, as booleans. */
export const equal = (a: Expr, b: Expr): Expr =>
  apply("Equal", [a, b], broadcast("equal", a, b), noGradient, { dtype: "bool" });

/** a where the condition holds, else b. */
export const where = (condition: Expr, a: Expr, b: Expr): Expr => {
  const shape = broadcastShapes("where", broadcast("where", a, b), condition.shape);
  if (condition.dtype !== "bool")
    throw new InputError(`where: the condition must be bool, got ${condition.dtype}`);
  const rule = (dy: Expr) => [
    undefined,
    sumTo(where(condition, dy, scalar(0)), a.shape),
    sumTo(where(condition, scalar(0), dy), b.shape),
  ];
  return apply("Where", [condition, a, b], shape, rule, { dtype: a.dtype });
};

/** Converts to another type. Not differentiable. */
export const cast = (x: Expr, dtype: DType): Expr =>
  apply("Cast", [x], x.shape, noGradient, { dtype, attributes: { to: ONNX_TYPE[dtype] } });

/** x itself, but a constant in the eyes of the gradient. */
export const stopGradient = (x: Expr): Expr => apply("Identity", [x], x.shape, noGradient);

function unary(op: string, x: Expr, gradient: GradientRule): Expr {
  requireFloats(op.toLowerCase(), x);
  return apply(op, [x], x.shape, gradient);
}

function binary(op: string, a: Expr, b: Expr, gradient: GradientRule): Expr {
  const name = op.toLowerCase();
  requireFloats(name, a, b);
  return apply(op, [a, b], broadcastShapes(name, a.shape, b.shape), gradient);
}

function broadcast(op: string, a: Expr, b: Expr): Shape {
  if (a.dtype !== b.dtype) throw new InputError(`${op}: types must agree, got ${a.dtype} and ${b.dtype}`);
  return broadcastShapes(op, a.shape, b.shape);
}

/** NumPy's rule: align at the last axis; sides must agree or be 1. */
function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [p, q] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (p !== q && p !== 1 && q !== 1) {
      throw new InputError(`${op}: shapes ${show(a)} and ${show(b)} do not broadcast`);
    }
    return Math.max(p, q);
  });
}
