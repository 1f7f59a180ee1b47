/** Matrix products. */
import { InputError } from "../../../base/errors/index.ts";
import { apply, type Expr, requireFloats, sameShape, show, sizeOf } from "../expression.ts";
import { mul, neg, scale, sub } from "./elementwise.ts";
import { transpose } from "./layout.ts";

interface Transposed {
  readonly transA?: boolean;
  readonly transB?: boolean;
}

/** Product of two matrices, each optionally transposed: ONNX Gemm without its bias. */
export function gemm(a: Expr, b: Expr, { transA = false, transB = false }: Transposed = {}): Expr {
  const [m, inner] = transA ? [a.shape[1], a.shape[0]] : a.shape;
  const [inner2, n] = transB ? [b.shape[1], b.shape[0]] : b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || inner !== inner2) {
    const flags = `${transA ? "ᵀ" : ""} × ${show(b.shape)}${transB ? "ᵀ" : ""}`;
    throw new InputError(`gemm: ${show(a.shape)}${flags} do not multiply`);
  }
  requireFloats("gemm", a, b);
  const rule = (dy: Expr) => [
    transA ? gemm(b, dy, { transA: transB, transB: true }) : gemm(dy, b, { transB: !transB }),
    transB ? gemm(dy, a, { transA: true, transB: transA }) : gemm(a, dy, { transA: !transA }),
  ];
  return apply("Gemm", [a, b], [m, n], rule, {
    attributes: { transA: Number(transA), transB: Number(transB) },
  });
}

/**
 * momentum v - rate g for a gradient g. Where g is a product, `rate` goes into its smaller factor and v is added
 * by the product itself: one pass over a tensor of g's size instead of three. Not differentiable.
 */
export function stepOnto(velocity: Expr, momentum: number, slope: Expr, rate: Expr): Expr {
  const { op, inputs, attributes } = slope;
  if (!sameShape(velocity.shape, slope.shape) || sizeOf(rate.shape) !== 1) {
    const shapes = `${show(velocity.shape)}, ${show(slope.shape)} and ${show(rate.shape)}`;
    throw new InputError(`stepOnto: velocity, slope and rate of shapes ${shapes} do not fit`);
  }
  if (op !== "Gemm") return sub(scale(velocity, momentum), mul(slope, rate));
  const [a, b] = inputs;
  const scaled = neg(rate);
  const factors = sizeOf(a.shape) < sizeOf(b.shape) ? [mul(a, scaled), b] : [a, mul(b, scaled)];
  return apply("Gemm", [...factors, velocity], slope.shape, undefined, {
    attributes: { ...attributes, beta: { float: momentum } },
  });
}

/** Products of two stacks of matrices: [s, m, k] × [s, k, n] = [s, m, n]. */
export function batchedMatmul(a: Expr, b: Expr): Expr {
  const [stack, m, inner] = a.shape;
  if (a.shape.length !== 3 || b.shape.length !== 3 || !sameShape(b.shape.slice(0, 2), [stack, inner])) {
    throw new InputError(`batchedMatmul: ${show(a.shape)} × ${show(b.shape)} do not multiply`);
  }
  requireFloats("batchedMatmul", a, b);
  const flip = (x: Expr) => transpose(x, [0, 2, 1]);
  return apply("MatMul", [a, b], [stack, m, b.shape[2]], (dy) => [
    batchedMatmul(dy, flip(b)),
    batchedMatmul(flip(a), dy),
  ]);
}
