/**
 * A graph whose every run goes on from the last, as training steps do: each output `next.<name>` is the input <name>
 * of the next run. This state never crosses between the runtime and JavaScript: on CPU it is two sets of arrays that
 * take turns, on WebGPU it stays in the GPU's memory, which made a step twice as fast there.
 */
import { sizeOf } from "../graph/index.ts";
import type { SessionOptions, Tensor, Tensors } from "../session/index.ts";
import { createResidentLoop } from "./bindingLoop.ts";
import { createSession } from "./createSession.ts";
import { checkState, type Loop, NEXT } from "./loopState.ts";

/** Loads a graph to be run from the state `first`, and takes ownership of its arrays; `name` says in errors which. */
export async function createLoop(
  model: Uint8Array,
  first: Tensors,
  options: SessionOptions = {},
  name = "ONNX model",
): Promise<Loop> {
  return options.provider === "webgpu"
    ? createResidentLoop(model, first, options, name)
    : createSwappingLoop(model, first, options, name);
}

/** A loop whose state are two sets of arrays: one is read, the other written. */
async function createSwappingLoop(
  model: Uint8Array,
  first: Tensors,
  options: SessionOptions,
  name: string,
): Promise<Loop> {
  const session = await createSession(model, options, name);
  checkState(name, session.description, first);
  let current = first;
  let next: Tensors = Object.fromEntries(
    Object.entries(first).map(([key, { shape }]) => [key, empty(shape)]),
  );
  return {
    description: session.description,
    async run(feeds, into) {
      const results = Object.fromEntries(Object.entries(next).map(([key, tensor]) => [NEXT + key, tensor]));
      await session.run({ ...feeds, ...current }, { into: { ...into, ...results } });
      [current, next] = [next, current];
    },
    state: async () => current,
    release: () => session.release(),
  };
}

const empty = (shape: Tensor["shape"]): Tensor => ({ shape, data: new Float32Array(sizeOf(shape)) });
