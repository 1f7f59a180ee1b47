/** The order in which expressions can be computed. */
import type { Expr } from "./expression.ts";

/** Every expression that `outputs` need, each once, inputs before users. */
export function topological(outputs: readonly Expr[]): Expr[] {
  const order: Expr[] = [];
  const seen = new Set<Expr>();
  // An explicit stack: graphs of a few thousand nodes in a chain would exhaust the call stack.
  const stack: { expr: Expr; next: number }[] = [];
  const enter = (expr: Expr) => {
    if (seen.has(expr)) return;
    seen.add(expr);
    stack.push({ expr, next: 0 });
  };
  for (const output of outputs) {
    enter(output);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top.next < top.expr.inputs.length) enter(top.expr.inputs[top.next++]);
      else order.push(stack.pop()!.expr);
    }
  }
  return order;
}
