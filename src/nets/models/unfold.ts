/** A released net taken up again: its weights out of the ONNX file, and batch normalisation put back for training. */

import { DataError } from "../../base/errors/index.ts";
import { createSession } from "../../math/engine/index.ts";
import { type Expr, mean, readConstants, reshape, sizeOf, toOnnx } from "../../math/graph/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import type { NetConfig } from "../net/index.ts";
import {
  buildNet,
  EPSILON,
  facesInput,
  type Parameter,
  recordingScope,
  releasedScope,
  storedValues,
  toNetInput,
  type Weights,
} from "../net/index.ts";

/** The weights that the released net `onnx` of this config holds; `name` says in errors which net. */
export function releasedWeights(onnx: Uint8Array, config: NetConfig, name: string): Weights {
  const constants = readConstants(onnx, name);
  return Object.fromEntries(
    parametersOf(config).map((parameter) => {
      const values = storedValues(constants, parameter.name, parameter.shape);
      const size = sizeOf(parameter.shape);
      if (values?.length !== size) {
        throw new DataError(
          `${name}: ${parameter.name} needs ${size} values, got ${values?.length ?? "none of that name"}`,
        );
      }
      return [parameter.name, values];
    }),
  );
}

const parametersOf = (config: NetConfig): Parameter[] => {
  const { scope, parameters } = recordingScope();
  buildNet(config, scope, facesInput(config, 1));
  return parameters;
};

/** Crops run at a time, like a mini-batch. */
const BATCH = 128;

/**
 * The inverse of `foldWeights`: gives each layer statistics under which it computes what it computes now. A running
 * mean is measured on `crops` [n, height, width, channels] (bytes) of faces like those that it will be trained on,
 * since in training it is a batch's own mean that is taken away; folding left every variance at 1.
 */
export async function unfoldWeights(
  config: NetConfig,
  weights: Weights,
  crops: Uint8Array,
  options: SessionOptions = {},
): Promise<{ config: NetConfig; weights: Weights }> {
  const means = await layerMeans(config, weights, crops, options);
  const unfolded: Record<string, Float32Array> = { ...weights };
  for (const [layer, average] of Object.entries(means)) {
    unfolded[`${layer}.mean`] = average;
    unfolded[`${layer}.variance`] = new Float32Array(average.length).fill(1 - EPSILON);
    unfolded[`${layer}.bias`] = weights[`${layer}.bias`].map((bias, i) => bias + average[i]);
  }
  return { config: { ...config, normalisation: "batch" }, weights: unfolded };
}

/** The mean of each channel of what each layer adds up, over `crops`. */
async function layerMeans(config: NetConfig, weights: Weights, crops: Uint8Array, options: SessionOptions) {
  const bytes = config.height * config.width * config.channels;
  const batch = Math.min(BATCH, crops.length / bytes);
  const batches = Math.floor(crops.length / bytes / batch);
  const faces = facesInput(config, batch);
  const outputs: Record<string, Expr> = {};
  const observe = (layer: string, sums: Expr) => {
    const axes = [...sums.shape.keys()].filter((axis) => axis !== 1);
    outputs[layer] = reshape(mean(sums, axes, { keep: true }), [sums.shape[1]]);
  };
  buildNet(config, { ...releasedScope(weights), observe }, faces);
  const session = await createSession(toOnnx(outputs), options, "released net");
  const means = Object.fromEntries(
    Object.entries(outputs).map(([layer, { shape }]) => [layer, new Float32Array(shape[0])]),
  );
  try {
    for (let i = 0; i < batches; i++) {
      const data = toNetInput(crops.subarray(i * batch * bytes, (i + 1) * batch * bytes), config);
      const results = await session.run({ faces: { shape: faces.shape, data } });
      for (const [layer, sums] of Object.entries(means)) {
        const values = results[layer].data as Float32Array;
        for (let c = 0; c < sums.length; c++) sums[c] += values[c] / batches;
      }
    }
  } finally {
    await session.release();
  }
  return means;
}
