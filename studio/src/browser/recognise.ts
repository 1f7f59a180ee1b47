/** Faces found and compared in the browser alone, by the same code as on the service. Nothing leaves the page. */
import loaderUrl from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import {
  type BrowserRecognizer,
  type Image,
  openBrowserRecognizer,
  type PagePhoto,
  toImageData,
} from "../../../src/browser.ts";
import { occlusionMap } from "../../../src/lab/studies/index.ts";
import { withKey } from "../lib/api.ts";
import type { Compared, FoundFaces } from "../lib/found.ts";
import { base64Of, blobOf, type Chosen, FACE, pixelsOf } from "../lib/pictures.ts";

const FILES = "/api/v1/studio";
let loading: Promise<BrowserRecognizer> | undefined;

/** Loads the net once; a failure may be tried again. */
function load(): Promise<BrowserRecognizer> {
  loading ??= openBrowserRecognizer({
    model: `${FILES}/model/`,
    detector: `${FILES}/detector/`,
    wasm: { mjs: loaderUrl, wasm: wasmUrl }, // one thread: more need headers that would keep other pages from showing this one
    fetch: (address, init) => fetch(address, withKey(init)),
  }).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Compares two aligned faces here. */
export async function compareHere(pair: readonly Chosen[], signal: AbortSignal): Promise<Compared> {
  const recognizer = await load();
  const featuresOf = async (photo: PagePhoto, name: string) => {
    signal.throwIfAborted();
    const answer = await recognizer.represent({ photo, name, aligned: true });
    if (!answer.ok) throw new Error(answer.message);
    return answer.features;
  };
  const features: (readonly number[])[] = [];
  for (const { data, name } of pair) features.push(await featuresOf(blobOf(data), name));
  const verdict = recognizer.judge(features[0], features[1]);
  return {
    patterns: features.map((values) => values.slice(0, recognizer.about.codeBits)),
    verdict,
    async worthOf(face, stop) {
      const { name } = pair[face];
      const pixels = await pixelsOf(pair[face]);
      const { worth, ...sides } = await occlusionMap({ ...FACE, pixels }, verdict.score, async (covered) => {
        await new Promise((resolve) => setTimeout(resolve)); // the page has its turn
        stop.throwIfAborted();
        return recognizer.judge(await featuresOf(covered, name), features[1 - face]).score;
      });
      return { ...sides, worth: [...worth] };
    },
  };
}

/** The faces in a photo, the largest first, each with its aligned face as a PNG file in base64. */
export async function locateHere(photo: Blob, name: string): Promise<FoundFaces> {
  const { picture, faces } = await (await load()).locate({ photo, name });
  const found = faces.map(async ({ image, box, unfit, cutOff }) => ({
    box,
    unfit,
    cutOff,
    crop: await pngOf(image),
  }));
  return { picture, faces: await Promise.all(found) };
}

async function pngOf(image: Image): Promise<string> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d")!.putImageData(toImageData(image), 0, 0);
  return base64Of(await canvas.convertToBlob({ type: "image/png" }));
}
