/** A loaded graph, ready to run. */
import { DataError } from "../../base/errors/index.ts";
import { type ModelSignature, readSignature } from "../graph/index.ts";
import { checkNames, checkTensors } from "./check.ts";
import type { CreateRunner, Runner, SessionOptions, Tensor, Tensors } from "./runner.ts";

export interface Session {
  readonly description: ModelSignature;
  /**
   * Computes the outputs named, or all. A result named in `into` is written there; the rest is new memory.
   * A tensor must not be feed and result at once.
   */
  run(
    feeds: Tensors,
    options?: { readonly outputs?: readonly string[]; readonly into?: Tensors },
  ): Promise<Record<string, Tensor>>;
  /**
   * Gives back the memory that running took, hundreds of megabytes for a batch of faces. The next run takes it again, and
   * the time of loading. Nothing may run meanwhile.
   */
  rest(): Promise<void>;
  /** Frees the runtime's memory; nothing may run any more. */
  release(): Promise<void>;
}

/** Loads ONNX bytes; `name` says in errors whose bytes they are. */
export type OpenSession = (model: Uint8Array, options?: SessionOptions, name?: string) => Promise<Session>;

/** Loads ONNX bytes in the runtime of `create`: one contract, whichever it is. */
export async function openSession(
  create: CreateRunner,
  model: Uint8Array,
  { provider = "cpu", threads = 1, constantWeights = false }: SessionOptions,
  name: string,
): Promise<Session> {
  const description = readSignature(model, name);
  const { inputs, outputs: all } = description;
  const other = [...inputs, ...all].find(({ dtype }) => dtype === "other");
  if (other) throw new DataError(`${name}: ${other.name} has a type that is not supported`);
  const load = () =>
    create(model, { provider, threads, constantWeights }, description).catch((cause: Error) => {
      throw new DataError(`${name}: ONNX Runtime could not load it on ${provider}: ${cause.message}`, {
        cause,
      });
    });
  let runner: Promise<Runner> | undefined = Promise.resolve(await load());
  let [running, released] = [0, false];
  const unload = async (what: string) => {
    if (running > 0) throw new Error(`${name}: ${what} during a run`);
    const loaded = runner;
    runner = undefined;
    await (await loaded)?.release();
  };
  return {
    description,
    async run(feeds, { outputs = all.map((output) => output.name), into = {} } = {}) {
      if (released) throw new Error(`${name}: run after release`);
      checkTensors(`${name}: input`, inputs, feeds);
      checkNames(`${name}: output`, all, [...outputs, ...Object.keys(into)]);
      const places = all.filter((output) => output.name in into);
      checkTensors(`${name}: output`, places, into);
      running++;
      try {
        runner ??= load();
        return await (await runner).run(feeds, outputs, into);
      } catch (cause) {
        throw new Error(`${name}: ${(cause as Error).message}`, { cause });
      } finally {
        running--;
      }
    },
    rest: () => unload("rest"),
    async release() {
      await unload("release");
      released = true;
    },
  };
}
