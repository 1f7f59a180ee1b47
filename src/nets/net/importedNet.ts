/**
 * A face embedder of someone else: an ONNX file with one picture as its input, whatever that wants its picture to be.
 * Its region of the aligned frame is where its own landmark template lies, so that all else sees just another net.
 */
import { z } from "zod";
import { DataError, InputError } from "../../base/errors/index.ts";
import {
  type Landmarks,
  mapLandmarks,
  type Region,
  similarityFrom,
  TEMPLATE,
} from "../../faces/face/index.ts";
import type { Size } from "../../faces/image/index.ts";
import type { ModelValue } from "../../math/graph/index.ts";
import type { Session, Tensor } from "../../math/session/index.ts";
import type { FaceNet, InputSize } from "./faceNet.ts";

const perChannel = z.array(z.number()).min(1).max(3);

/** How bytes become an input: value = (byte - mean) / scale, each one number or one a channel in the net's order. */
export const NetInputSchema = z.object({
  name: z.string(),
  layout: z.enum(["nchw", "nhwc"]),
  order: z.enum(["rgb", "bgr"]),
  mean: perChannel,
  scale: perChannel.refine((values) => values.every((value) => value !== 0), "must not be 0"),
});
export type NetInput = z.infer<typeof NetInputSchema>;

/** ArcFace's five points in 112 x 112 pixels, which most published embedders are aligned by. */
const ARCFACE = {
  side: 112,
  landmarks: [
    { x: 38.2946, y: 51.6963 },
    { x: 73.5318, y: 51.5014 },
    { x: 56.0252, y: 71.7366 },
    { x: 41.5493, y: 92.3655 },
    { x: 70.7299, y: 92.2041 },
  ] as Landmarks,
} as const;

/** ArcFace's points in a square input of `side` pixels. */
export const arcFaceLandmarks = (side: number): Landmarks =>
  mapLandmarks(ARCFACE.landmarks, ({ x, y }) => ({
    x: (x * side) / ARCFACE.side,
    y: (y * side) / ARCFACE.side,
  }));

/** The region of the aligned frame that an input with `landmarks` at these pixels sees. */
export function regionOfLandmarks(
  name: string,
  { width, height, channels }: Size & { readonly channels: number },
  landmarks: Landmarks,
): Region {
  const { a, b, shiftX, shiftY } = similarityFrom(landmarks, TEMPLATE.landmarks);
  if (!(a > 0 && Math.abs(b / a) < 0.05)) {
    throw new InputError("model import: the landmarks must be those of an upright face");
  }
  const box = { x: shiftX, y: shiftY, width: a * width, height: a * height };
  return { name, box, height, width, colour: channels === 1 ? "grey" : "rgb" };
}

/** What an ONNX file's input must be, as far as the file says; undefined sides are free. */
export interface ImportShape {
  readonly name: string;
  readonly layout: NetInput["layout"];
  readonly channels: 1 | 3;
  readonly height: number | undefined;
  readonly width: number | undefined;
}

/** Reads the one picture input of a net. */
export function pictureInput(inputs: readonly ModelValue[], file: string): ImportShape {
  const [input, ...others] = inputs;
  const said = inputs.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(", ")}]`).join(", ");
  const wrong = (why: string) => new DataError(`${file}: ${why}; its inputs are ${said || "none"}`);
  if (!input || others.length > 0 || input.dtype !== "float32" || input.shape.length !== 4) {
    throw wrong("needs one float32 input [n, channels, height, width] or [n, height, width, channels]");
  }
  const isChannels = (side: number | string): side is 1 | 3 => side === 1 || side === 3;
  const side = (value: number | string) => (typeof value === "number" && value > 0 ? value : undefined);
  const [, first, second, last] = input.shape;
  const { name } = input;
  if (isChannels(first)) {
    return { name, layout: "nchw", channels: first, height: side(second), width: side(last) };
  }
  if (isChannels(last))
    return { name, layout: "nhwc", channels: last, height: side(first), width: side(second) };
  throw wrong("no side of its input is 1 or 3, the colours of a picture");
}

/** What an imported net is given, and what it is called in errors. */
export interface ImportedNet {
  readonly input: NetInput;
  readonly region: Region;
  readonly name: string;
}

/** The net that `session` has loaded and that takes pictures of `region` as `input` says; one that does not is released. */
export async function importedNet(session: Session, { input, region, name }: ImportedNet): Promise<FaceNet> {
  try {
    const shape = pictureInput(session.description.inputs, name);
    const { channels, height = region.height, width = region.width } = shape;
    const size = { height, width, channels } as InputSize;
    const batch = session.description.inputs[0].shape[0] === 1 ? 1 : BATCH;
    const activations = await lengthsOf(
      session,
      tensorOf(new Uint8Array(height * width * channels), size, input),
      input,
    );
    return {
      size,
      activations,
      run: (crops, names) => run({ session, size, batch, input, activations, name }, crops, names),
      rest: () => session.rest(),
      release: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Faces run at a time where the net takes several: no more than in its trial, so that it needs no more memory than there. */
const BATCH = 16;

/** How many numbers each output has for one face: a black picture tells. */
async function lengthsOf(session: Session, black: Tensor, { name }: NetInput): Promise<Map<string, number>> {
  const outputs = await session.run({ [name]: black });
  return new Map(
    Object.entries(outputs)
      .filter(([, { data, shape }]) => data instanceof Float32Array && shape[0] === 1)
      .map(([output, { data }]) => [output, data.length]),
  );
}

interface Loaded {
  readonly session: Session;
  readonly size: InputSize;
  readonly batch: number;
  readonly input: NetInput;
  readonly activations: ReadonlyMap<string, number>;
  readonly name: string;
}

async function run(
  { session, size, batch, input, activations, name }: Loaded,
  crops: Uint8Array,
  names: readonly string[],
): Promise<Float32Array[]> {
  const unknown = names.find((wanted) => !activations.has(wanted));
  if (unknown)
    throw new InputError(`${name}: has no ${unknown}; it has ${[...activations.keys()].join(", ")}`);
  const bytes = size.height * size.width * size.channels;
  if (crops.length % bytes !== 0) {
    throw new InputError(`${name}: crops of ${bytes} bytes expected, got ${crops.length} bytes`);
  }
  const n = crops.length / bytes;
  const results = names.map((wanted) => new Float32Array(n * activations.get(wanted)!));
  for (let first = 0; first < n; first += batch) {
    const count = Math.min(batch, n - first);
    const faces = tensorOf(crops.subarray(first * bytes, (first + count) * bytes), size, input);
    const outputs = await session.run({ [input.name]: faces }, { outputs: names });
    for (const [i, wanted] of names.entries()) {
      const length = activations.get(wanted)!;
      const { data } = outputs[wanted];
      if (data.length !== count * length) {
        throw new DataError(
          `${name}: ${wanted} of ${count} faces must have ${count * length} numbers, got ${data.length}`,
        );
      }
      results[i].set(data as Float32Array, first * length);
    }
  }
  return results;
}

/** Crops [n, height, width, channels] of bytes as the net takes them. */
function tensorOf(crops: Uint8Array, { height, width, channels }: InputSize, input: NetInput): Tensor {
  const { layout, order, mean, scale } = input;
  const pixels = height * width;
  const n = crops.length / (pixels * channels);
  const data = new Float32Array(crops.length);
  for (let face = 0; face < n; face++) {
    const start = face * pixels * channels;
    for (let c = 0; c < channels; c++) {
      const from = order === "bgr" ? channels - 1 - c : c;
      const [middle, spread] = [mean[c] ?? mean[0], scale[c] ?? scale[0]];
      for (let i = 0; i < pixels; i++) {
        const to = layout === "nchw" ? start + c * pixels + i : start + i * channels + c;
        data[to] = (crops[start + i * channels + from] - middle) / spread;
      }
    }
  }
  const shape = layout === "nchw" ? [n, channels, height, width] : [n, height, width, channels];
  return { shape, data };
}
