/** Nets loaded by the engine. */
import { createSession } from "../../math/engine/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import type { NetConfig, Weights } from "../net/index.ts";
import {
  type FaceNet,
  faceNet,
  type ImportedNet,
  importedNet,
  onnxInTraining,
  releasedNet,
} from "../net/index.ts";

/** Loads a released net. `name` says in errors which. */
export const openNet = async (
  onnx: Uint8Array,
  options: SessionOptions = {},
  name = "net",
): Promise<FaceNet> =>
  releasedNet(await createSession(onnx, { constantWeights: true, ...options }, name), name);

/** Loads a net that takes pictures of a region as its `input` says. */
export const openImportedNet = async (
  onnx: Uint8Array,
  about: ImportedNet,
  options: SessionOptions = {},
): Promise<FaceNet> =>
  importedNet(await createSession(onnx, { constantWeights: true, ...options }, about.name), about);

/** A net that is being trained: `weights` are asked for at each run. */
export async function followNet(
  config: NetConfig,
  weights: () => Weights,
  options: SessionOptions = {},
): Promise<FaceNet> {
  const { onnx, shapes } = onnxInTraining(config);
  const name = "net in training";
  const feeds = () => {
    const now = weights();
    return Object.fromEntries([...shapes].map(([of, shape]) => [of, { shape, data: now[of] }]));
  };
  return faceNet(await createSession(onnx, options, name), feeds, name);
}
