/**
 * BlazeFace and MediaPipe's face mesh as @vladmandic/human (MIT) runs them, in Node and in pages alike: how it is set up, and
 * what its answers mean.
 */
import type { Box, Image } from "../image/index.ts";
import { type Canvas, toCanvas } from "./canvas.ts";
import { type LocatedFace, largestFirst, scaled } from "./faceLocator.ts";
import { landmarksOfMesh, MESH_POINTS, type MeshPoint } from "./meshLandmarks.ts";

/** What it answers for a picture. */
export type HumanAnswer = { readonly faces: readonly LocatedFace[] } | { readonly error: string };

/** The part of the library that is used. */
export interface Human {
  readonly tf: {
    tensor3d(pixels: Uint8Array, shape: [number, number, 3], type: "int32"): { dispose(): void };
  };
  readonly models: { loaded(): string[] };
  load(): Promise<void>;
  detect(picture: object): Promise<{ readonly error: string | null; readonly face: readonly HumanFace[] }>;
}

interface HumanFace {
  readonly boxScore: number;
  readonly faceScore: number;
  readonly box: readonly [x: number, y: number, width: number, height: number];
  /** Points as shares of the picture's sides. */
  readonly meshRaw: readonly MeshPoint[];
}

const off = { enabled: false };

/** Its settings, with the addresses of the folders of its models and of its WebAssembly. */
export const humanSettings = (models: string, wasm: string) => ({
  backend: "wasm",
  wasmPath: wasm,
  wasmPlatformFetch: false,
  modelBasePath: models,
  async: false,
  warmup: "none",
  debug: false,
  cacheSensitivity: 0, // every picture is a new one
  filter: off,
  gesture: off,
  body: off,
  hand: off,
  object: off,
  segmentation: off,
  face: {
    enabled: true,
    detector: { rotation: true, maxDetected: 50, minConfidence: 0.3, return: false },
    mesh: { enabled: true },
    iris: off,
    emotion: off,
    description: off,
    antispoof: off,
    liveness: off,
  },
});

/**
 * Its first net sees the photo at 256 x 256 and its mesh each face at 192 x 192: at this size of the photo a face that
 * the first finds is sharp enough for the second.
 */
const MAX_SIDE = 1280;

/** `photo` as it takes pictures: square, as it distorts what is not. */
export const humanCanvas = (photo: Image): Canvas =>
  toCanvas(photo, MAX_SIDE, ({ width, height }) => {
    const side = Math.max(width, height);
    return { width: side, height: side };
  });

/** Faces found on a canvas, in the photo. */
export const facesOnPhoto = (faces: readonly LocatedFace[], { scale }: Canvas): LocatedFace[] =>
  largestFirst(faces.map((face) => scaled(face, scale)));

/** The faces of a picture, a canvas of `humanCanvas`. */
export async function detectHuman(human: Human, { width, height, pixels }: Image): Promise<HumanAnswer> {
  const tensor = human.tf.tensor3d(pixels, [height, width, 3], "int32");
  try {
    const { error, face } = await human.detect(tensor);
    if (error) return { error };
    const found = face.filter(({ meshRaw }) => meshRaw.length >= MESH_POINTS);
    return { faces: found.map((one) => toLocatedFace(one, width, height)) };
  } finally {
    tensor.dispose();
  }
}

function toLocatedFace({ box, boxScore, faceScore, meshRaw }: HumanFace, width: number, height: number) {
  const [x, y, boxWidth, boxHeight] = box;
  const mesh = meshRaw.map((point): MeshPoint => [point[0] * width, point[1] * height]);
  return {
    box: { x, y, width: boxWidth, height: boxHeight } satisfies Box,
    score: boxScore * faceScore,
    landmarks: landmarksOfMesh(mesh),
  };
}
