/** Takes batch normalisation out of trained weights: the same function, with the paper's own layers and nothing else. */
import { buildNet, facesInput } from "./build.ts";
import { outputChannel } from "./compact.ts";
import type { NetConfig } from "./config.ts";
import { EPSILON } from "./layers.ts";
import { type Parameter, recordingScope, type Weights } from "./scope.ts";

/**
 * Folds the running mean and variance of every layer into its weights and bias: w/σ and b - μ/σ. Also drops what
 * only training needs (classifiers) and every tap that is not among `taps`.
 */
export function foldWeights(
  config: NetConfig,
  weights: Weights,
  taps: readonly number[] = config.taps,
): { config: NetConfig; weights: Weights } {
  const released: NetConfig = { ...config, taps: [...taps], normalisation: "none" };
  const { scope, parameters } = recordingScope();
  buildNet(released, scope, facesInput(released, 1));
  const folded = parameters.map((parameter) => [parameter.name, foldOne(parameter, weights)] as const);
  return { config: released, weights: Object.fromEntries(folded) };
}

function foldOne({ name, kind, shape }: Parameter, weights: Weights): Float32Array {
  const [layer] = name.split(".");
  const variance = weights[`${layer}.variance`];
  const values = weights[name];
  if (!variance) return values;
  const scale = Float64Array.from(variance, (v) => 1 / Math.sqrt(v + EPSILON));
  const mean = weights[`${layer}.mean`];
  if (kind === "bias") return values.map((b, i) => b - mean[i] * scale[i]);
  const channelOf = outputChannel(shape);
  return values.map((w, i) => w * scale[channelOf(i)]);
}
