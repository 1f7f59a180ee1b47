/** Runs graphs through onnxruntime-node's own binding, which brings the GPU providers. */
import { join } from "node:path";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { type ModelValue, sameShape, show } from "../graph/index.ts";
import type { CreateRunner, SessionOptions, Tensor, Tensors } from "../session/index.ts";
import { libraryIn, type Native, openRuntime, packageFolder } from "./native.ts";

export const createBindingRunner: CreateRunner = async (model, options, { inputs }) => {
  const session = await loadBinding(model, options);
  return {
    async run(feeds, outputs, into) {
      const results = await session.run(await toOrt(inputs, feeds), outputs as string[]);
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

/** Loads a model on the provider of `options`; `more` are options of the binding's own. */
export async function loadBinding(
  model: Uint8Array,
  { provider = "cpu", threads, constantWeights }: SessionOptions,
  more: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  const { InferenceSession } = await loadRuntime();
  return InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    graphOptimizationLevel: constantWeights ? "all" : "basic",
    logSeverityLevel: 4,
    ...more,
  });
}

/** The package, whose library is loaded by then, and its telemetry off. */
function loadRuntime() {
  if (!quiet) quiet = openRuntime(runtimeOfPackage());
  return import("onnxruntime-node");
}

let quiet: Native | undefined;

function runtimeOfPackage(): string {
  const root = packageFolder(
    "onnxruntime-node",
    "ONNX Runtime for GPUs: npm install --ignore-scripts onnxruntime-node@1.30",
  );
  return libraryIn(join(root, "bin", "napi-v6", process.platform, process.arch));
}

/** Those of `tensors` that `values` describe, as the binding takes them. */
export async function toOrt(
  values: readonly ModelValue[],
  tensors: Tensors,
): Promise<Record<string, OrtTensor>> {
  const { Tensor } = await loadRuntime();
  return Object.fromEntries(
    values
      .filter(({ name }) => name in tensors)
      .map(({ name, dtype }) => {
        const { data, shape } = tensors[name];
        // One overload for each type; the types were checked.
        return [name, new Tensor(dtype as "float32", data as Float32Array, shape)];
      }),
  );
}

function copyInto(place: Tensor, { shape, data }: Tensor, name: string): Tensor {
  if (!sameShape(place.shape, shape)) {
    throw new Error(`result ${name} has shape ${show(shape)}, its place ${show(place.shape)}`);
  }
  place.data.set(data as never);
  return place;
}
