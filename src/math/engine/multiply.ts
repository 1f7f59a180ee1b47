/** Long matrix products in ONNX Runtime, for code that knows nothing of it. */
import { gemm, input, toOnnx } from "../graph/index.ts";
import type { Multiply, Rows } from "../linalg/index.ts";
import type { Session, SessionOptions } from "../session/index.ts";
import { createSession } from "./createSession.ts";

/** A product in float32 that holds memory of the runtime until it is released. */
export interface EngineMultiply extends AsyncDisposable {
  readonly multiply: Multiply;
  release(): Promise<void>;
}

/** Shapes kept ready: work in blocks of rows meets few, a block's and that of the last, shorter one. */
const MOST_SESSIONS = 8;

/** Products of matrices by ONNX's Gemm: 30 times as fast as the loops of src/linalg, to float32's precision. */
export function createMultiply(options: SessionOptions = {}): EngineMultiply {
  const sessions = new Map<string, Promise<Session>>(); // the least recently used first
  const sessionFor = async (a: Rows, b: Rows, transposed: boolean): Promise<Session> => {
    const key = `${a.rows} ${a.columns} ${b.rows} ${b.columns} ${transposed}`;
    const session = sessions.get(key) ?? openProduct(a, b, transposed, options);
    sessions.delete(key);
    sessions.set(key, session);
    session.catch(() => sessions.delete(key)); // shapes that do not fit
    if (sessions.size > MOST_SESSIONS) {
      const [oldest, unused] = sessions.entries().next().value!;
      sessions.delete(oldest);
      await (await unused).release();
    }
    return session;
  };
  const release = async () => {
    const open = [...sessions.values()];
    sessions.clear();
    for (const session of open) await (await session).release();
  };
  return {
    async multiply(a, b, { transposed = false } = {}) {
      const session = await sessionFor(a, b, transposed);
      const { product } = await session.run({ a: tensor(a), b: tensor(b) });
      const [rows, columns] = product.shape;
      return { rows, columns, values: product.data as Float32Array };
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

async function openProduct(a: Rows, b: Rows, transposed: boolean, options: SessionOptions): Promise<Session> {
  const left = input("a", [a.rows, a.columns]);
  const right = input("b", [b.rows, b.columns]);
  return createSession(toOnnx({ product: gemm(left, right, { transB: transposed }) }), options, "product");
}

const tensor = ({ rows, columns, values }: Rows) => ({
  shape: [rows, columns],
  data: values instanceof Float32Array ? values : new Float32Array(values),
});
