/** Runs graphs through onnxruntime-node's own binding, which brings the GPU providers. */
import { sameShape, show } from "../graph/index.ts";
import type { CreateRunner, Tensor } from "./runner.ts";

export const createBindingRunner: CreateRunner = async (
  model,
  { provider, threads, constantWeights },
  { inputs },
) => {
  const { InferenceSession, Tensor: OrtTensor } = await import("onnxruntime-node");
  const session = await InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    graphOptimizationLevel: constantWeights ? "all" : "basic",
    logSeverityLevel: 4,
  });
  // One overload for each type; the types were checked.
  const toOrt = (type: string, { data, shape }: Tensor) =>
    new OrtTensor(type as "float32", data as Float32Array, shape);
  return {
    async run(feeds, outputs, into) {
      const given = Object.fromEntries(inputs.map(({ name, dtype }) => [name, toOrt(dtype, feeds[name])]));
      const results = await session.run(given, outputs as string[]);
      return Object.fromEntries(
        outputs.map((name) => {
          const { dims: shape, data } = results[name];
          const result = { shape, data } as Tensor;
          return [name, into[name] ? copyInto(into[name], result, name) : result];
        }),
      );
    },
    release: () => session.release(),
  };
};

function copyInto(place: Tensor, { shape, data }: Tensor, name: string): Tensor {
  if (!sameShape(place.shape, shape)) {
    throw new Error(`result ${name} has shape ${show(shape)}, its place ${show(place.shape)}`);
  }
  place.data.set(data as never);
  return place;
}
