/**
 * The thread in which @vladmandic/human runs: its WebAssembly works for 100 ms at a time, which would hold up
 * everything else. Its models are read from the package; `fetch`, through which it would load them, reads files only,
 * so that nothing here can reach a network.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort } from "node:worker_threads";
import type { Box, Image } from "../image/index.ts";
import type { LocatedFace } from "../locate/index.ts";
import { landmarksOfMesh, MESH_POINTS, type MeshPoint } from "../locate/index.ts";

/** What the thread answers for a picture. */
export type HumanAnswer = { readonly faces: readonly LocatedFace[] } | { readonly error: string };

/** The part of the library that is used. */
interface Human {
  readonly tf: {
    tensor3d(pixels: Uint8Array, shape: [number, number, 3], type: "int32"): { dispose(): void };
  };
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
const settings = (models: string, wasm: string) => ({
  backend: "wasm",
  wasmPath: wasm,
  wasmPlatformFetch: false,
  modelBasePath: pathToFileURL(models).href,
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

async function openHuman(): Promise<Human> {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("@vladmandic/human"));
  const wasm = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  globalThis.fetch = async (address) => {
    const bytes = await readFile(new URL(String(address))); // refuses all but file:
    const type = String(address).endsWith(".json") ? "application/json" : "application/octet-stream";
    return new Response(bytes, { headers: { "content-type": type } });
  };
  const { Human } = require(join(folder, "human.node-wasm.js")) as { Human: new (config: object) => Human };
  const human = new Human(settings(join(folder, "..", "models", "/"), join(wasm, "dist", "/")));
  await human.load();
  return human;
}

async function detect(human: Human, { width, height, pixels }: Image): Promise<HumanAnswer> {
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

const opening = openHuman();
opening.catch(() => {}); // reported with the first picture
parentPort?.on("message", async (photo: Image) => {
  const answer: HumanAnswer = await opening
    .then((human) => detect(human, photo))
    .catch((error: Error) => ({ error: error.message }));
  parentPort?.postMessage(answer);
});
