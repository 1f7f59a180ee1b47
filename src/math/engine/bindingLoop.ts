/** A loop whose state stays in a GPU's memory: onnxruntime-node's tensors of location "gpu-buffer". */
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { input, readSignature, type Shape, stopGradient, toOnnx } from "../graph/index.ts";
import type { SessionOptions, Tensor, Tensors } from "../session/index.ts";
import { checkTensors } from "../session/index.ts";
import { loadBinding, toOrt } from "./binding.ts";
import { checkState, isNext, type Loop, NEXT } from "./loopState.ts";

const HERE = "gpu-buffer";

export async function createResidentLoop(
  model: Uint8Array,
  first: Tensors,
  options: SessionOptions,
  name: string,
): Promise<Loop> {
  const description = readSignature(model, name);
  const { inputs, outputs } = description;
  checkState(name, description, first);
  checkTensors(
    `${name}: state`,
    inputs.filter((value) => value.name in first),
    first,
  );
  const fed = inputs.filter((value) => !(value.name in first));
  const told = outputs.filter((value) => !isNext(value));
  const stays = Object.fromEntries(outputs.filter(isNext).map((value) => [value.name, HERE] as const));
  const session = await loadBinding(model, options, { preferredOutputLocation: stays });
  const unload = await createUnload(first, options);
  let state: Record<string, OrtTensor> = await toOrt(inputs, first);
  return {
    description,
    async run(feeds, into) {
      checkTensors(`${name}: input`, fed, feeds);
      checkTensors(`${name}: output`, told, into);
      const results = await session.run({ ...(await toOrt(fed, feeds)), ...state });
      const before = state;
      state = Object.fromEntries(Object.keys(first).map((key) => [key, results[NEXT + key] as OrtTensor]));
      for (const tensor of Object.values(before)) if (tensor.location === HERE) tensor.dispose();
      for (const value of told) into[value.name].data.set(results[value.name].data as never);
    },
    state: () => unload.run(state),
    async release() {
      await session.release();
      await unload.release();
    },
  };
}

/** Copies a state out of the GPU: a graph that hands on what it is given, its results here. */
async function createUnload(state: Tensors, options: SessionOptions) {
  const shapes = Object.entries(state).map(([key, { shape }]) => [key, shape as Shape] as const);
  const session: InferenceSession = await loadBinding(
    toOnnx(Object.fromEntries(shapes.map(([key, shape]) => [NEXT + key, stopGradient(input(key, shape))]))),
    options,
  );
  return {
    async run(held: Record<string, OrtTensor>): Promise<Tensors> {
      const results = await session.run(held);
      return Object.fromEntries(
        shapes.map(([key, shape]): [string, Tensor] => [
          key,
          { shape, data: results[NEXT + key].data as Float32Array },
        ]),
      );
    },
    release: () => session.release(),
  };
}
