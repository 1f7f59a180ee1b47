/** Means over axes: a sum and a factor. */
import { type Expr, sizeOf } from "../expression.ts";
import { scale } from "./elementwise.ts";
import { type ReduceOptions, sum } from "./reduce.ts";

/** Mean over `axes` (default: all). */
export function mean(x: Expr, axes?: readonly number[], options?: ReduceOptions): Expr {
  const total = sum(x, axes, options);
  return scale(total, sizeOf(total.shape) / sizeOf(x.shape));
}
