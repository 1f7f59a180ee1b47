/** Which pixels move a net's features: the derivative of what a net says of a face, by the gradients that also train it. */
import { InputError } from "../../base/errors/index.ts";
import { type Expr, flatten, gradient, input, mul, sum, toOnnx } from "../../math/graph/index.ts";
import type { Session } from "../../math/session/index.ts";
import { buildNet, facesInput } from "./build.ts";
import type { NetConfig } from "./config.ts";
import type { InputSize } from "./faceNet.ts";
import { releasedScope, type Weights } from "./scope.ts";

/** Faces that go through the graph at a time. */
const BATCH = 8;

export interface FaceGradient {
  readonly size: InputSize;
  /** Numbers of the feature. */
  readonly neurons: number;
  /**
   * The features [n, neurons] of `faces` [n, channels, height, width], values in [-1, 1], and for each face the slopes of its
   * features along its direction: the gradient [n, channels, height, width] of Σ features · directions [n, neurons].
   */
  run(faces: Float32Array, directions: Float32Array): Promise<FaceSlopes>;
  release(): Promise<void>;
}

export interface FaceSlopes {
  readonly features: Float32Array;
  readonly slopes: Float32Array;
}

/** The graph that `faceGradient` runs: the net with folded `weights` up to `feature`, and back to its faces. */
export function gradientOnnx(config: NetConfig, weights: Weights, feature: string): Uint8Array {
  const faces = facesInput(config, BATCH);
  const activation = buildNet(config, releasedScope(weights), faces)[feature] as Expr | undefined;
  if (!activation) throw new InputError(`gradient: the net has no ${feature}`);
  const features = flatten(activation);
  const directions = input("directions", features.shape);
  const [slopes] = gradient(sum(mul(features, directions), [0, 1]), [faces]);
  return toOnnx({ features, slopes });
}

/** Runs the graph of `gradientOnnx` that `session` has loaded; `size` is the net's. */
export function faceGradient(session: Session, size: InputSize): FaceGradient {
  const pixels = size.channels * size.height * size.width;
  const neurons = Number(session.description.outputs.find(({ name }) => name === "features")!.shape[1]);
  const feed = (all: Float32Array, at: number, count: number, width: number) => {
    const data = new Float32Array(BATCH * width);
    data.set(all.subarray(at * width, (at + count) * width));
    return data;
  };
  return {
    size,
    neurons,
    async run(faces, directions) {
      const n = faces.length / pixels;
      if (!Number.isInteger(n) || directions.length !== n * neurons) {
        throw new InputError(
          `gradient: needs faces of ${pixels} numbers and as many directions of ${neurons}, ` +
            `got ${faces.length} and ${directions.length} numbers`,
        );
      }
      const features = new Float32Array(n * neurons);
      const slopes = new Float32Array(n * pixels);
      for (let at = 0; at < n; at += BATCH) {
        const count = Math.min(BATCH, n - at);
        const { channels, height, width } = size;
        const found = await session.run({
          faces: { shape: [BATCH, channels, height, width], data: feed(faces, at, count, pixels) },
          directions: { shape: [BATCH, neurons], data: feed(directions, at, count, neurons) },
        });
        features.set((found.features.data as Float32Array).subarray(0, count * neurons), at * neurons);
        slopes.set((found.slopes.data as Float32Array).subarray(0, count * pixels), at * pixels);
      }
      return { features, slopes };
    },
    release: () => session.release(),
  };
}
