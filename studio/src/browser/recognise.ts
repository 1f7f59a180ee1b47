/**
 * Two aligned faces compared in the browser alone: the released net by ONNX Runtime's WebAssembly, everything after it
 * by the same code as on the service. Nothing leaves the page.
 */

import loaderUrl from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import { createRegionCropper, cropSize, type Region } from "../../../src/faces/face/region.ts";
import { mirror } from "../../../src/faces/image/mirror.ts";
import { calibrate } from "../../../src/matching/match/calibration.ts";
import { createMatcher } from "../../../src/matching/match/matcher.ts";
import type { StoredMatcher } from "../../../src/matching/match/storedMatcher.ts";
import { matrix } from "../../../src/math/linalg/matrix.ts";
import { toNetInput } from "../../../src/nets/net/faceNet.ts";
import { judgePair } from "../../../src/people/answers/judge.ts";
import { type Answer, ask } from "../lib/api.ts";
import { type Chosen, FACE, pixelsOf } from "../lib/pictures.ts";

interface Loaded {
  readonly session: ort.InferenceSession;
  readonly region: Region;
  /** The activation that is compared. */
  readonly feature: string;
  readonly matcher: StoredMatcher;
}

let loading: Promise<Loaded> | undefined;

/** Loads the net once; a failure may be tried again. */
function load(): Promise<Loaded> {
  loading ??= open().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function open(): Promise<Loaded> {
  ort.env.wasm.wasmPaths = { mjs: loaderUrl, wasm: wasmUrl };
  ort.env.wasm.numThreads = 1; // more need headers that would keep other pages from showing this one
  const [card, net, plain] = await Promise.all([
    ask("/studio/model/model.json").then((response) => response.json()),
    ask("/studio/model/net.onnx").then((response) => response.arrayBuffer()),
    ask("/studio/model/matcher").then((response) => response.json()),
  ]);
  const session = await ort.InferenceSession.create(net, { executionProviders: ["wasm"] });
  return { session, region: card.region, feature: card.feature, matcher: matcherFrom(plain) };
}

interface PlainMatcher {
  readonly blockSize: number;
  readonly rows: number;
  readonly columns: number;
  readonly mean: string;
  readonly directions: string;
  readonly ratios: string;
  readonly calibration: { readonly same: string; readonly different: string } | null;
}

function matcherFrom({
  blockSize,
  rows,
  columns,
  mean,
  directions,
  ratios,
  calibration,
}: PlainMatcher): StoredMatcher {
  const model = {
    blockSize,
    mean: unpacked(mean),
    directions: matrix(rows, columns, unpacked(directions)),
    ratios: unpacked(ratios),
  };
  return {
    matcher: createMatcher(model),
    ...(calibration && {
      calibration: calibrate(unpacked(calibration.same), unpacked(calibration.different)),
    }),
  };
}

const unpacked = (base64: string): Float64Array<ArrayBuffer> =>
  new Float64Array(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);

/** What the service answers to `compare`, as far as a page shows it. */
export interface Comparison {
  readonly faces: readonly Pick<Answer<"compare">["faces"][number], "pattern">[];
  readonly verdict: Answer<"compare">["verdict"];
}

/** Compares two aligned faces here. */
export async function compareHere(a: Chosen, b: Chosen): Promise<Comparison> {
  const loaded = await load();
  const pixels = await Promise.all([a, b].map(({ url }) => pixelsOf(url)));
  const features = await featuresOf(loaded, pixels);
  const neurons = features[0].length / 2;
  const faces = features.map((values) => ({ pattern: values.slice(0, neurons) }));
  return { faces, verdict: judgePair(loaded.matcher, neurons, [features[0], features[1]]) };
}

/** Features of faces [104, 88, 3]: those of each and of its mirror image. */
async function featuresOf(
  { session, region, feature }: Loaded,
  faces: readonly Uint8Array[],
): Promise<number[][]> {
  const crop = createRegionCropper(region);
  const size = cropSize(region);
  const bytes = size.height * size.width * size.channels;
  const crops = new Uint8Array(2 * faces.length * bytes);
  for (const [k, pixels] of faces.entries()) {
    crop(pixels, crops.subarray(2 * k * bytes, (2 * k + 1) * bytes));
    crop(mirror({ ...FACE, pixels }).pixels, crops.subarray((2 * k + 1) * bytes, (2 * k + 2) * bytes));
  }
  const shape = [2 * faces.length, size.channels, size.height, size.width];
  const input = new ort.Tensor("float32", toNetInput(crops, size), shape);
  const answer = await session.run({ faces: input }, [feature]);
  const values = [...(answer[feature].data as Float32Array)];
  const length = values.length / faces.length;
  return faces.map((_, k) => values.slice(k * length, (k + 1) * length));
}
