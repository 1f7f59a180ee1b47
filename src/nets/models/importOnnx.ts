/** From an ONNX file of any face embedder to a model folder: what the file does not say is guessed, and tried. */

import { InputError } from "../../base/errors/index.ts";
import { type Landmarks, type Region, WHOLE_FACE } from "../../faces/face/index.ts";
import { describeModel, refuseEndless } from "../../math/graph/index.ts";
import {
  arcFaceLandmarks,
  type NetInput,
  pictureInput,
  regionOfLandmarks,
  type Trial,
} from "../net/index.ts";
import { tryForeign } from "./foreignTrial.ts";
import { rememberTrial } from "./foreignTrialCache.ts";
import { importModel } from "./importModel.ts";

/** What the file does not say. */
export interface ImportOptions extends Pick<NetInput, "mean" | "scale"> {
  readonly name: string;
  readonly licence: string;
  /** Sides of its input in pixels, where the file leaves them open (default: 112). */
  readonly size?: { readonly height: number; readonly width: number };
  /** Default: rgb. */
  readonly order?: NetInput["order"];
  /** How its faces are aligned (default: by its size). */
  readonly template?: "arcface" | "whole-face";
  /** Or where the five landmarks lie in its input. */
  readonly points?: Landmarks;
  /** The output that is compared (default: the last one). */
  readonly output?: string;
}

/** An imported net, as it was understood. */
export interface ImportedNet {
  readonly name: string;
  readonly input: NetInput;
  readonly region: Region;
  /** The output that is compared, and how many numbers it has. */
  readonly feature: string;
  readonly length: number;
  /** How well it tells drawn faces apart. */
  readonly trial: Trial;
}

/**
 * Writes the model folder of the net in `onnx`, read from `file`. DataError where the file is no net of pictures,
 * InputError where `options` contradict it.
 */
export async function importOnnx(
  folder: string,
  { onnx, file }: { readonly onnx: Uint8Array; readonly file: string },
  options: ImportOptions,
): Promise<ImportedNet> {
  const described = describeModel(onnx, file);
  refuseEndless(described, file);
  const shape = pictureInput(described.inputs, file);
  const { name, licence, order = "rgb", mean, scale } = options;
  const region = regionFor(shape, options);
  const input: NetInput = { name: shape.name, layout: shape.layout, order, mean, scale };
  const about = { input, region, name: file };
  const { feature, length, trial } = await tryForeign({ onnx, about, output: options.output });
  await rememberTrial(await importModel(folder, { onnx, input, region, feature, length, name, licence }));
  return { name, input, region, feature, length, trial };
}

/** What the net sees of the aligned face. */
function regionFor(
  shape: ReturnType<typeof pictureInput>,
  { name, size, template, points }: ImportOptions,
): Region {
  const { channels } = shape;
  const height = shape.height ?? size?.height ?? 112;
  const width = shape.width ?? size?.width ?? 112;
  if (size && (size.height !== height || size.width !== width)) {
    throw new InputError(
      `model import: the file takes ${height} x ${width}, --size says ${size.height} x ${size.width}`,
    );
  }
  if (points) return regionOfLandmarks(name, { width, height, channels }, points);
  const ours = height === WHOLE_FACE.height && width === WHOLE_FACE.width;
  if (template === "whole-face" || (template === undefined && ours)) {
    return { ...WHOLE_FACE, height, width, colour: channels === 1 ? "grey" : "rgb" };
  }
  if (height !== width) {
    throw new InputError(
      `model import: how faces lie in ${height} x ${width} pixels cannot be guessed; give --points or --template`,
    );
  }
  return regionOfLandmarks(name, { width, height, channels }, arcFaceLandmarks(width));
}
