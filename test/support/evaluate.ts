/** Runs a few expressions once. */
import { createSession } from "../../src/math/engine/index.ts";
import { type Expr, toOnnx } from "../../src/math/graph/index.ts";
import type { Tensor, Tensors } from "../../src/math/session/index.ts";

/** The values of `outputs` for those of `feeds` that they depend on, on CPU and one thread. */
export async function evaluate<Name extends string>(
  outputs: Readonly<Record<Name, Expr>>,
  feeds: Tensors = {},
): Promise<Record<Name, Tensor>> {
  const session = await createSession(toOnnx(outputs), { threads: 1 });
  try {
    const needed = session.description.inputs.map(({ name }) => [name, feeds[name]]);
    return (await session.run(Object.fromEntries(needed))) as Record<Name, Tensor>;
  } finally {
    await session.release();
  }
}
