/** A program for tests: somebody's own program, whose first and only use of the runtime is in a worker thread. */
import { isMainThread } from "node:worker_threads";
import { startThread } from "../../src/base/threads/index.ts";
import { createSession } from "../../src/math/engine/index.ts";
import { input, neg, toOnnx } from "../../src/math/graph/index.ts";

if (isMainThread) {
  startThread(import.meta.url, "sessionInThread");
} else {
  const session = await createSession(toOnnx({ y: neg(input("x", [2])) }), { threads: 1 }, "negative");
  const { y } = await session.run({ x: { shape: [2], data: Float32Array.of(1, 2) } });
  process.stdout.write(`${[...y.data].join(" ")}\n`);
  await session.release();
}
