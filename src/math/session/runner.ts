/** What the two ways of running a graph have in common. */
import type { ModelSignature, Shape, TensorData } from "../graph/index.ts";

export const PROVIDERS = ["cpu", "webgpu", "cuda"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A tensor's values, row-major. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: TensorData;
}
export type Tensors = Readonly<Record<string, Tensor>>;

export interface SessionOptions {
  readonly provider?: Provider;
  /** Threads inside one operator (default: all cores). */
  readonly threads?: number;
  /**
   * Spends load time on the fastest layout of constant weights: right for a released net, wasted on a graph
   * whose weights are inputs (default false).
   */
  readonly constantWeights?: boolean;
}

/** What runs a session's graph: feeds in, results written into the tensors given for them, or into new ones. */
export interface Runner {
  run(feeds: Tensors, outputs: readonly string[], into: Tensors): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** Loads a model in one runtime. The session checks what it is given, so a runner need not. */
export type CreateRunner = (
  model: Uint8Array,
  options: Required<SessionOptions>,
  description: ModelSignature,
) => Promise<Runner>;
