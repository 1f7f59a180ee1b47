/** Faces found and compared in the browser alone, by the same code as on the service. Nothing leaves the page. */
import loaderUrl from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import {
  type BrowserRecognizer,
  type Image,
  openBrowserRecognizer,
  toImageData,
} from "../../../src/browser.ts";
import { type Answer, withKey } from "../lib/api.ts";
import { base64Of, blobOf, type Chosen } from "../lib/pictures.ts";

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

/** What the service answers to `compare`, as far as a page shows it. */
export interface Comparison {
  readonly faces: readonly Pick<Answer<"compare">["faces"][number], "pattern">[];
  readonly verdict: Answer<"compare">["verdict"];
}

/** Compares two aligned faces here. */
export async function compareHere(a: Chosen, b: Chosen): Promise<Comparison> {
  const recognizer = await load();
  const featuresOf = async ({ data, name }: Chosen) => {
    const answer = await recognizer.represent({ photo: blobOf(data), name, aligned: true });
    if (!answer.ok) throw new Error(answer.message);
    return answer.features;
  };
  const features = [await featuresOf(a), await featuresOf(b)];
  const faces = features.map((values) => ({ pattern: values.slice(0, recognizer.about.codeBits) }));
  return { faces, verdict: recognizer.judge(features[0], features[1]) };
}

/** A face found here, as far as the service's answer to `locate` is used. */
export type FoundHere = Pick<Answer<"locate">["faces"][number], "unfit" | "crop">;

/** The faces in a photo, the largest first, each with its aligned face as a PNG file in base64. */
export async function locateHere(photo: Blob, name: string): Promise<FoundHere[]> {
  const { faces } = await (await load()).locate({ photo, name });
  return Promise.all(faces.map(async ({ image, unfit }) => ({ unfit, crop: await pngOf(image) })));
}

async function pngOf(image: Image): Promise<string> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d")!.putImageData(toImageData(image), 0, 0);
  return base64Of(await canvas.convertToBlob({ type: "image/png" }));
}
