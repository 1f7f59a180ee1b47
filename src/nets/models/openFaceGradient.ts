/** Gradients of a released net, which holds no training graph: built again from the weights in its file. */
import { join } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { readListed } from "../../base/files/index.ts";
import { createSession } from "../../math/engine/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import {
  type FaceGradient,
  faceGradient,
  gradientOnnx,
  inViews,
  type ModelCard,
  type NetConfig,
} from "../net/index.ts";
import { CARD, NET, readCard } from "./modelFolder.ts";
import { releasedWeights } from "./unfold.ts";

/** The net of a model of this project; undefined of an imported one. */
export function ownNetOf({ net }: ModelCard): NetConfig | undefined {
  const config = net as NetConfig | undefined;
  return config?.maps && config;
}

/**
 * How the feature that the model in `folder` compares, or `feature`, changes with the pixels of its region: of its views, where it
 * has several, or with `views: false` at the region's own size.
 *
 * @throws InputError for an imported net, whose graph is not known here.
 * @example
 * const gradient = await openFaceGradient("models/whole-face-taught");
 * const { slopes } = await gradient.run(face, oneHot(17, gradient.neurons)); // what moves neuron 17
 */
export async function openFaceGradient(
  folder: string,
  {
    feature,
    views = true,
    ...options
  }: SessionOptions & { readonly feature?: string; readonly views?: boolean } = {},
): Promise<FaceGradient> {
  const card = await readCard(folder);
  const config = ownNetOf(card);
  if (!config) {
    throw new InputError(
      `${folder}: gradients are known of this project's own nets, and it is an imported one`,
    );
  }
  const onnx = await readListed(folder, NET, { card: CARD, files: card.files });
  const weights = releasedWeights(onnx, config, join(folder, NET));
  const graphs = gradientOnnx(config, weights, feature ?? card.feature);
  const [forward, back] = await Promise.all([
    createSession(graphs.forward, options, `features of ${card.name}`),
    createSession(graphs.back, options, `gradient of ${card.name}`),
  ]);
  const gradient = faceGradient({ forward, back }, config);
  const seen = card.region.views?.length ?? 1;
  return views && seen > 1 ? inViews(gradient, seen) : gradient;
}
