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
  /** Views of a face side by side in what `run` and `features` take, [n, views, channels, height, width]; their features are averaged. */
  readonly views: number;
  /** Numbers of the feature. */
  readonly neurons: number;
  /**
   * The features [n, neurons] of `faces` [n, channels, height, width], values in [-1, 1], and for each face the slopes of its
   * features along its direction: the gradient [n, channels, height, width] of Σ features · directions [n, neurons].
   */
  run(faces: Float32Array, directions: Float32Array): Promise<FaceSlopes>;
  /** The features alone, for a third of the time. */
  features(faces: Float32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

export interface FaceSlopes {
  readonly features: Float32Array;
  readonly slopes: Float32Array;
}

/** The graphs that `faceGradient` runs: the net with folded `weights` up to `feature`; and back from there to its faces. */
export function gradientOnnx(
  config: NetConfig,
  weights: Weights,
  feature: string,
): { readonly forward: Uint8Array; readonly back: Uint8Array } {
  const faces = facesInput(config, BATCH);
  const activation = buildNet(config, releasedScope(weights), faces)[feature] as Expr | undefined;
  if (!activation) throw new InputError(`gradient: the net has no ${feature}`);
  const features = flatten(activation);
  const directions = input("directions", features.shape);
  const [slopes] = gradient(sum(mul(features, directions), [0, 1]), [faces]);
  return { forward: toOnnx({ features }), back: toOnnx({ features, slopes }) };
}

/** The sessions that have loaded both graphs of `gradientOnnx`. */
export interface GradientSessions {
  readonly forward: Session;
  readonly back: Session;
}

/** Runs the graphs of `gradientOnnx`; `size` is the net's. */
export function faceGradient({ forward, back }: GradientSessions, size: InputSize): FaceGradient {
  const { channels, height, width } = size;
  const pixels = channels * height * width;
  const neurons = Number(back.description.outputs.find(({ name }) => name === "features")!.shape[1]);
  const part = (all: Float32Array, at: number, count: number, numbers: number) => {
    const data = new Float32Array(BATCH * numbers);
    data.set(all.subarray(at * numbers, (at + count) * numbers));
    return data;
  };
  /** Calls `visit` with every batch of `faces`: its inputs, its first face, and how many there are. */
  async function eachBatch(
    faces: Float32Array,
    visit: (faces: { shape: number[]; data: Float32Array }, at: number, count: number) => Promise<void>,
  ): Promise<void> {
    const n = faces.length / pixels;
    for (let at = 0; at < n; at += BATCH) {
      const count = Math.min(BATCH, n - at);
      const data = part(faces, at, count, pixels);
      await visit({ shape: [BATCH, channels, height, width], data }, at, count);
    }
  }
  const check = (faces: Float32Array, directions?: Float32Array) => {
    const n = faces.length / pixels;
    if (Number.isInteger(n) && (!directions || directions.length === n * neurons)) return n;
    const told = directions
      ? ` and as many directions of ${neurons}, got ${faces.length} and ${directions.length} numbers`
      : `, got ${faces.length}`;
    throw new InputError(`gradient: needs faces of ${pixels} numbers${told}`);
  };
  return {
    size,
    views: 1,
    neurons,
    async run(faces, directions) {
      const n = check(faces, directions);
      const features = new Float32Array(n * neurons);
      const slopes = new Float32Array(n * pixels);
      await eachBatch(faces, async (batch, at, count) => {
        const along = { shape: [BATCH, neurons], data: part(directions, at, count, neurons) };
        const found = await back.run({ faces: batch, directions: along });
        features.set((found.features.data as Float32Array).subarray(0, count * neurons), at * neurons);
        slopes.set((found.slopes.data as Float32Array).subarray(0, count * pixels), at * pixels);
      });
      return { features, slopes };
    },
    async features(faces) {
      const features = new Float32Array(check(faces) * neurons);
      await eachBatch(faces, async (batch, at, count) => {
        const found = await forward.run({ faces: batch });
        features.set((found.features.data as Float32Array).subarray(0, count * neurons), at * neurons);
      });
      return features;
    },
    async release() {
      await Promise.all([forward.release(), back.release()]);
    },
  };
}

/** `gradient`, of faces in several views each: `region.views` of a model card. Releases what it wraps. */
export function inViews(gradient: FaceGradient, views: number): FaceGradient {
  const { neurons } = gradient;
  const averaged = (all: Float32Array) => {
    const features = new Float32Array(all.length / views);
    all.forEach((value, at) => {
      const view = Math.floor(at / neurons);
      features[Math.floor(view / views) * neurons + (at % neurons)] += value / views;
    });
    return features;
  };
  return {
    ...gradient,
    views,
    async run(faces, directions) {
      const shared = new Float32Array(directions.length * views);
      for (let at = 0; at < shared.length; at++) {
        const face = Math.floor(at / (neurons * views));
        shared[at] = directions[face * neurons + (at % neurons)] / views;
      }
      const { features, slopes } = await gradient.run(faces, shared);
      return { features: averaged(features), slopes };
    },
    features: async (faces) => averaged(await gradient.features(faces)),
  };
}
