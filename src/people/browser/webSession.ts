/** Runs graphs in a page: ONNX Runtime compiled to WebAssembly, on the CPU. */
import * as ort from "onnxruntime-web/wasm";
import type { ModelValue, TensorData } from "../../math/graph/index.ts";
import {
  type CreateRunner,
  type OpenSession,
  openSession,
  type Tensor,
  type Tensors,
} from "../../math/session/index.ts";

/** How the runtime is loaded and run; it applies to the whole page. */
export interface WebRuntimeOptions {
  /**
   * Addresses of `ort-wasm-simd-threaded.wasm` and, for builds that leave it out, of `ort-wasm-simd-threaded.mjs`, files of
   * the package onnxruntime-web; default: where the bundler has put them. They should be of the page's own origin.
   */
  readonly wasm?: { readonly wasm: string; readonly mjs?: string };
  /** Threads inside one operator (default 1); more need a page that is isolated from others (COOP and COEP headers). */
  readonly threads?: number;
}

/** Loads graphs by ONNX Runtime's WebAssembly, which is loaded itself with the first of them. */
export function webSessions({ wasm, threads = 1 }: WebRuntimeOptions = {}): OpenSession {
  if (wasm) ort.env.wasm.wasmPaths = wasm;
  ort.env.wasm.numThreads = threads;
  return (model, options = {}, name = "ONNX model") => openSession(createWebRunner, model, options, name);
}

const createWebRunner: CreateRunner = async (model, _, { inputs }) => {
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  const types = new Map(inputs.map(({ name, dtype }) => [name, dtype]));
  return {
    async run(feeds, outputs, into) {
      const given = Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor, types.get(name))]);
      const results = await session.run(Object.fromEntries(given), outputs);
      return Object.fromEntries(outputs.map((name) => [name, fromOrt(results[name], into[name])]));
    },
    release: () => session.release(),
  };
};

const toOrt = ({ shape, data }: Tensor, dtype: ModelValue["dtype"] = "float32"): ort.Tensor =>
  new ort.Tensor(dtype as "float32", data as Float32Array, [...shape]);

/** A result as a tensor, or written into `place`. */
function fromOrt({ dims, data }: ort.Tensor, place: Tensors[string] | undefined): Tensor {
  if (!place) return { shape: dims, data: data as TensorData };
  (place.data as Float32Array).set(data as Float32Array);
  return place;
}
