/** A net in use: crops of faces in, activations out. */

import { InputError } from "../../base/errors/index.ts";
import type { Session, Tensors } from "../../math/session/index.ts";
import type { NetConfig } from "./config.ts";

/** Sides of a net's input. */
export type InputSize = Pick<NetConfig, "height" | "width" | "channels">;

export interface FaceNet {
  readonly size: InputSize;
  /** Activations it can compute and how many numbers each has: conv1 to conv4, and those of fc1 to fc4 it holds. */
  readonly activations: ReadonlyMap<string, number>;
  /** The activations `names` of `crops` [n, height, width, channels] (bytes), each [n, its size], in that order. */
  run(crops: Uint8Array, names: readonly string[]): Promise<Float32Array[]>;
  /** As a session's. */
  rest(): Promise<void>;
  release(): Promise<void>;
}

/** A released net whose ONNX file `session` has loaded. `name` says in errors which. */
export const releasedNet = (session: Session, name = "net"): FaceNet => faceNet(session, () => ({}), name);

/** Faces run at a time. */
const BATCH = 128;

/** The net that `session` has loaded; `weights` are fed at each run, beside the faces. */
export function faceNet(session: Session, weights: () => Tensors, name: string): FaceNet {
  const { inputs, outputs } = session.description;
  const shape = inputs.find((value) => value.name === "faces")?.shape ?? [];
  const [, channels, height, width] = shape.map(Number);
  if (shape.length !== 4 || !(channels === 1 || channels === 3)) {
    throw new InputError(
      `${name}: needs an input "faces" [n, 1 or 3, height, width], got [${shape.join(", ")}]`,
    );
  }
  const activations = new Map(outputs.map((output) => [output.name, Number(output.shape[1])]));
  const size = { height, width, channels } as InputSize;
  const bytes = height * width * channels;
  return {
    size,
    activations,
    async run(crops, names) {
      const unknown = names.find((wanted) => !activations.has(wanted));
      if (unknown)
        throw new InputError(`${name}: has no ${unknown}; it has ${[...activations.keys()].join(", ")}`);
      if (crops.length % bytes !== 0)
        throw new InputError(`${name}: crops of ${bytes} bytes expected, got ${crops.length} bytes`);
      const n = crops.length / bytes;
      const results = names.map((wanted) => new Float32Array(n * activations.get(wanted)!));
      const fixed = weights();
      for (let first = 0; first < n; first += BATCH) {
        const count = Math.min(BATCH, n - first);
        const faces = {
          shape: [count, channels, height, width],
          data: toNetInput(crops.subarray(first * bytes, (first + count) * bytes), size),
        };
        const into = Object.fromEntries(
          names.map((wanted, i) => {
            const length = activations.get(wanted)!;
            return [
              wanted,
              { shape: [count, length], data: results[i].subarray(first * length, (first + count) * length) },
            ];
          }),
        );
        await session.run({ ...fixed, faces }, { outputs: names, into });
      }
      return results;
    },
    rest: () => session.rest(),
    release: () => session.release(),
  };
}

/** Crops [n, height, width, channels] of bytes as a net takes them: [n, channels, height, width] in [-1, 1]. */
export function toNetInput(crops: Uint8Array, { height, width, channels }: InputSize): Float32Array {
  const pixels = height * width;
  const out = new Float32Array(crops.length);
  for (let face = 0; face < crops.length; face += pixels * channels) {
    for (let c = 0; c < channels; c++) {
      const to = face + c * pixels;
      for (let i = 0; i < pixels; i++) out[to + i] = crops[face + i * channels + c] / 127.5 - 1;
    }
  }
  return out;
}
