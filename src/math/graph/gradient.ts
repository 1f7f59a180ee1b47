/** Reverse-mode differentiation of expressions: the gradient of an expression is again an expression. */
import { InputError } from "../../base/errors/index.ts";
import { type Expr, scalar, show } from "./expression.ts";
import { add } from "./ops/elementwise.ts";
import { topological } from "./order.ts";

/**
 * The gradient of the scalar `loss` with respect to each of `wrt`, in order. Throws where `loss` does not depend
 * on one of them, or depends on it through an operator without a gradient rule.
 */
export function gradient(loss: Expr, wrt: readonly Expr[]): Expr[] {
  if (loss.shape.length !== 0)
    throw new InputError(`gradient: the loss must be a scalar, got ${show(loss.shape)}`);
  const order = topological([loss]);
  const relevant = dependents(new Set(wrt), order);
  const total = new Map<Expr, Expr>([[loss, scalar(1)]]); // the gradient so far

  for (const y of order.toReversed()) {
    const dy = total.get(y);
    if (!dy || !relevant.has(y) || y.inputs.length === 0) continue;
    if (!y.gradient) throw new InputError(`gradient: ${y.op} has no gradient rule`);
    const inputs = y.differentiable ?? y.inputs;
    y.gradient(dy, y).forEach((dx, i) => {
      const x = inputs[i];
      if (!dx || !relevant.has(x)) return;
      const before = total.get(x);
      total.set(x, before ? add(before, dx) : dx);
    });
  }
  return wrt.map((x) => {
    const dx = total.get(x);
    if (!dx) throw new InputError(`gradient: the loss does not depend on ${x.name ?? x.op}`);
    return dx;
  });
}

/** `sources` and everything in `order` (inputs first) that depends on one of them. */
function dependents(sources: ReadonlySet<Expr>, order: readonly Expr[]): Set<Expr> {
  const found = new Set(sources);
  for (const y of order) if (y.inputs.some((x) => found.has(x))) found.add(y);
  return found;
}
