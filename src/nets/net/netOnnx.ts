/** ONNX bytes of a net: of a released one, or of one that is being trained. */
import { flatten, input, type Shape, toOnnx } from "../../math/graph/index.ts";
import { buildNet, facesInput } from "./build.ts";
import type { Precision } from "./compact.ts";
import type { NetConfig } from "./config.ts";
import { releasedScope, type Scope, type Weights } from "./scope.ts";

export interface ReleasedOptions {
  /** Key-value pairs stored in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly precision?: Precision;
}

/**
 * ONNX bytes of the net with these weights. Input `faces` [n, channels, height, width], values in [-1, 1];
 * outputs: conv1 to conv4 and every FC-n among `config.taps`, each [n, size].
 */
export function releasedOnnx(
  config: NetConfig,
  weights: Weights,
  { metadata = {}, precision }: ReleasedOptions = {},
): Uint8Array {
  return onnxOf(config, releasedScope(weights, precision), metadata);
}

function onnxOf(config: NetConfig, scope: Scope, metadata: Readonly<Record<string, string>>): Uint8Array {
  const faces = facesInput(config, 1);
  const activations = Object.entries(buildNet(config, scope, faces));
  return toOnnx(Object.fromEntries(activations.map(([name, value]) => [name, flatten(value)])), {
    batch: faces,
    metadata,
  });
}

/** ONNX bytes of a net that is being trained: its weights are inputs, as `shapes` lists. */
export function onnxInTraining(config: NetConfig): { onnx: Uint8Array; shapes: Map<string, Shape> } {
  const shapes = new Map<string, Shape>();
  const scope: Scope = {
    parameter({ name, shape }) {
      shapes.set(name, shape);
      return input(name, shape);
    },
  };
  return { onnx: onnxOf(config, scope, {}), shapes };
}
