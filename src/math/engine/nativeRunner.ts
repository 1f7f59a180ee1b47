/** Runs graphs on CPU through the C interface: no copies, off the event loop. */
import koffi from "koffi";
import type { DType } from "../graph/index.ts";
import type { CreateRunner, Tensor, Tensors } from "../session/index.ts";
import { type Native, native, type Pointer } from "./native.ts";

const LEVEL = { basic: 1, all: 99 } as const;
/** ONNX's numbers of the types, and the arrays that hold them. */
const TYPE = {
  float32: { element: 1, bytes: 4, array: Float32Array },
  uint8: { element: 2, bytes: 1, array: Uint8Array },
  int64: { element: 7, bytes: 8, array: BigInt64Array },
  bool: { element: 9, bytes: 1, array: Uint8Array },
} as const;

export const createNativeRunner: CreateRunner = async (
  model,
  { threads, constantWeights },
  { inputs, outputs },
) => {
  const runtime = native();
  const session = await load(runtime, model, threads, constantWeights ? LEVEL.all : LEVEL.basic);
  const types = new Map([...inputs, ...outputs].map(({ name, dtype }) => [name, dtype as DType]));
  return {
    run: (feeds, wanted, into) => runOnce({ runtime, session, types }, feeds, wanted, into),
    release: async () => runtime.release("ReleaseSession", session),
  };
};

async function load(runtime: Native, model: Uint8Array, threads: number, level: number): Promise<Pointer> {
  const options = runtime.make("CreateSessionOptions");
  inUse.add(model);
  try {
    runtime.call("SetSessionGraphOptimizationLevel", options, level);
    runtime.call("SetIntraOpNumThreads", options, threads);
    return await runtime.makeAside(
      "CreateSessionFromArray",
      runtime.environment,
      model,
      model.length,
      options,
    );
  } finally {
    inUse.delete(model);
    runtime.release("ReleaseSessionOptions", options);
  }
}

interface Loaded {
  readonly runtime: Native;
  readonly session: Pointer;
  readonly types: ReadonlyMap<string, DType>;
}

/** Models being loaded and the tensors of every run under way: while the runtime works on their memory it must not be collected. */
const inUse = new Set<readonly Tensors[] | Uint8Array>();

async function runOnce(
  { runtime, session, types }: Loaded,
  feeds: Tensors,
  outputs: readonly string[],
  into: Tensors,
): Promise<Record<string, Tensor>> {
  const names = Object.keys(feeds);
  const values: Pointer[] = [];
  const wrapped = (name: string, tensor: Tensor) => {
    const value = wrap(runtime, types.get(name)!, tensor);
    values.push(value);
    return value;
  };
  const memory = [feeds, into];
  inUse.add(memory);
  try {
    const given = names.map((name) => wrapped(name, feeds[name]));
    const results = outputs.map((name) => (into[name] ? wrapped(name, into[name]) : null));
    await runtime.callAside(
      "Run",
      session,
      null,
      names,
      given,
      names.length,
      outputs,
      outputs.length,
      results,
    );
    values.push(...results.filter((_, i) => !into[outputs[i]]).map((value) => value!)); // made by the runtime
    return Object.fromEntries(
      outputs.map((name, i) => [name, into[name] ?? copyOut(runtime, types.get(name)!, results[i]!)]),
    );
  } finally {
    inUse.delete(memory);
    for (const value of values) runtime.release("ReleaseValue", value);
  }
}

/** A runtime tensor over the caller's memory. */
function wrap({ make, cpuMemory }: Native, dtype: DType, { data, shape }: Tensor): Pointer {
  void data.buffer; // moves a small array off the JavaScript heap, where its address would not hold
  const sides = BigInt64Array.from(shape, BigInt);
  const { element } = TYPE[dtype];
  return make(
    "CreateTensorWithDataAsOrtValue",
    cpuMemory,
    data,
    data.byteLength,
    sides,
    shape.length,
    element,
  );
}

/** Copies a tensor that the runtime allocated. */
function copyOut({ call, make, release }: Native, dtype: DType, value: Pointer): Tensor {
  const info = make("GetTensorTypeAndShape", value);
  const rank = Number(make<number>("GetDimensionsCount", info));
  const sides = new BigInt64Array(rank);
  call("GetDimensions", info, sides, rank);
  release("ReleaseTensorTypeAndShapeInfo", info);
  const shape = Array.from(sides, Number);
  const { bytes, array } = TYPE[dtype];
  const length = shape.reduce((product, side) => product * side, bytes);
  return { shape, data: new array(koffi.view(make("GetTensorMutableData", value), length).slice(0)) };
}
