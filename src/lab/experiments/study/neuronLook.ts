/** What a neuron looks at: the pictures that excite it most, and where in them. */
import { InputError } from "../../../base/errors/index.ts";
import { type StagedProgress, stageOf } from "../../../base/progress/index.ts";
import type { AlignedFaces } from "../../../faces/data/index.ts";
import type { SessionOptions } from "../../../math/session/index.ts";
import { openModel } from "../../../nets/models/index.ts";
import { neuronGradients } from "./neuronGradients.ts";
import { facesNamed, type NeuronPage, sensitivityOf, topFaces } from "./neuronPage.ts";

export type NeuronLook = Pick<NeuronPage, "images" | "sensitivity" | "gradients">;

export interface LookOptions extends SessionOptions {
  /** Names of the pictures that excite it most. */
  readonly top: readonly string[];
  /** A column of the features, which are those of the layer `feature`. */
  readonly neuron: number;
  readonly feature: string;
  /** Folder of the model the features come from; left out: the pictures alone. */
  readonly model?: string;
}

/** InputError where `faces` are not those of the features, or the model has no such neuron. */
export async function lookOfNeuron(
  faces: AlignedFaces,
  { top, neuron, feature, model: folder, ...engine }: LookOptions,
  progress: StagedProgress = {},
): Promise<NeuronLook> {
  const missing = top.find((name) => !faces.names.includes(name));
  if (missing !== undefined) {
    throw new InputError(`neuron: the pictures are not those of the features: there is no ${missing}`);
  }
  const shown = facesNamed(faces, top);
  const images = await topFaces(shown, top);
  if (folder === undefined) return { images };
  const model = await openModel(folder, engine);
  try {
    if (!(neuron < 2 * (model.net.activations.get(feature) ?? 0))) {
      throw new InputError(`${folder}: has no neuron ${neuron} of ${feature}`);
    }
    const how = { feature, neuron, ...stageOf(progress, "covering squares") };
    const sensitivity = await sensitivityOf(model, shown, how);
    const climbing = { feature, neuron, ...engine, ...stageOf(progress, "following gradients") };
    return {
      images,
      sensitivity,
      gradients: await neuronGradients({ folder, card: model.card }, shown, climbing),
    };
  } finally {
    await model.release();
  }
}
